/** So often may a run of a test read the clock. */
const READS = 100_000

/**
 * Virtual time stands still while code runs. A loop that waits for the clock, and for no timer, would never end, and end the
 * worker with all its results: after so many reads the clock throws. Gives what puts it back.
 */
export function guardClock(): () => void {
  let reads = 0
  const counted = (now: () => number) => (): number => {
    if (++reads <= READS) return now()
    throw new Error(`the test has read the clock ${READS} times: it waits for time to pass, and virtual time stands still while code runs`)
  }
  const guarded = [replaceNow(Date, counted), replaceNow(performance, counted)]
  return () => {
    for (const restore of guarded) restore()
  }
}

function replaceNow(clock: { now(): number }, change: (now: () => number) => () => number): () => void {
  const before = Object.getOwnPropertyDescriptor(clock, 'now')
  const now = clock.now.bind(clock)
  Object.defineProperty(clock, 'now', { value: change(now), configurable: true, writable: true, enumerable: before?.enumerable ?? true })
  return () => {
    if (before === undefined) Reflect.deleteProperty(clock, 'now')
    else Object.defineProperty(clock, 'now', before)
  }
}
