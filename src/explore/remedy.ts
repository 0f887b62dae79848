/**
 * What to do where a schedule runs in two ways: what it may come from, and how the commonest of that is mended.
 *
 * @param isolated the modules are imported anew for every schedule, so that their state is not what it comes from
 */
export function remedy(isolated: boolean): string {
  const state = isolated
    ? ' although `isolate` imports modules anew: state that it does not reach, in the test file itself, in a package of ' +
      'node_modules, on a global object or where a hook has put it (make it anew in the body, or reset it in `setup`)'
    : ': state that outlives a run (make it anew in the body, or reset it in `setup`; `isolate: true` in the options of ' +
      'test.explore, or heddle explore --isolate, import the modules anew for every schedule)'
  return `Something outside the choices differs between two runs${state}, real time, real I/O, or randomness that is not Math.random.`
}
