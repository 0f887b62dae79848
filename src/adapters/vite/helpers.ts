/**
 * What a transformed module calls. It needs no import, so that it works wherever the module ends up, and stands on a line of
 * its own at the end, where no map leads from: hashbangs and directives stay first, and coverage takes no notice of it. All of
 * it is function declarations and variables without initialisers, which are there from the module's first line on, and before:
 * a cycle of imports may call its functions earlier.
 *
 * Outside an exploration each call comes to one test.
 */
const HELPERS = {
  at: '(v,i){var h=__heddle_h();return h===null?v:h.at(v,__heddle_p(i))}',
  it: '(v,i){var h=__heddle_h();return h===null?v:h.iterate(v,__heddle_p(i))}',
  /** Declared before a resource, disposed of after it. */
  du: '(i){return __heddle_h()?.disposal(__heddle_p(i))}',
  /** Around the object whose property is touched; `k` where the code says which only as it runs. */
  o: '(o,i,k){__heddle_h()?.touched(o,k,__heddle_p(i));return o}',
  /** The same for several of its properties. */
  os: '(o,i,f){var h=__heddle_h();if(h!==null)for(var k of f())h.touched(o,k,__heddle_p(i));return o}',
  /** Around the value that is written to a property: told when it is there. */
  w: '(o,i,v){__heddle_h()?.touched(o,void 0,__heddle_p(i));return v}',
  wk: '(o,i,k,v){__heddle_h()?.touched(o,k,__heddle_p(i));return v}',
  /** Around a value that waits, for an object that is looked up again once it is there. */
  l: '(v,f,i,k){__heddle_h()?.touched(f(),k,__heddle_p(i));return v}',
  /** Around the value of a variable. */
  v: '(v,i,e){__heddle_h()?.variable(e||null,__heddle_p(i));return v}',
  /** Around what is told before an expression, and the expression. */
  s: '(t,v){return v}',
  /** What stands for an activation. */
  e: '(){return __heddle_h()&&{}}',
} as const

/** The names of the helpers, which calls of them have to use. */
export type Helper = keyof typeof HELPERS

/** What marks a module as transformed. */
export const PREFIX = '__heddle'

/** Collects which helpers a module calls. */
export class Helpers {
  readonly #used = new Set<Helper>()

  /** The name to call. */
  use(helper: Helper): string {
    this.#used.add(helper)
    return `${PREFIX}_${helper}`
  }

  /** The line itself; `sites` is the module's table, as JavaScript. */
  text(file: string, sites: string): string {
    const helpers = [...this.#used].map((name) => `function ${PREFIX}_${name}${HELPERS[name]}`)
    return (
      `var ${PREFIX},${PREFIX}_t;` +
      `function ${PREFIX}_h(){return(${PREFIX}??=globalThis[Symbol.for("heddle.instruments")]??={on:null}).on}` +
      `function ${PREFIX}_p(i){return(${PREFIX}_t??=${PREFIX}.on.sites(${JSON.stringify(file)},${sites}))[i]}` +
      `${helpers.join('')};`
    )
  }
}
