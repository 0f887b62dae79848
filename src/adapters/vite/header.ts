/**
 * What a transformed module calls. It stands on one line before the module's own first line, and needs no import, so that it
 * works wherever the module ends up. All of it is function declarations and variables without initialisers: a cycle of imports
 * may call the module's functions before its first line has run.
 *
 * Outside an exploration each call comes to one test.
 */
const HELPERS: Record<string, string> = {
  at: '(v,i){var h=__heddle||__heddle_h();return h.on===null?v:h.on.at(v,__heddle_p(h,i))}',
  it: '(v,i){var h=__heddle||__heddle_h();return h.on===null?v:h.on.iterate(v,__heddle_p(h,i))}',
  du: '(i){var h=__heddle||__heddle_h();return h.on===null?null:h.on.disposal(__heddle_p(h,i))}',
  r: "(o,i,k){var h=__heddle||__heddle_h();if(h.on!==null)h.on.property(o,k,'read',__heddle_p(h,i));return o}",
  rs: "(o,i,ks){var h=__heddle||__heddle_h();if(h.on!==null)for(var k of ks())h.on.property(o,k,'read',__heddle_p(h,i));return o}",
  b: "(o,i,k){var h=__heddle||__heddle_h();if(h.on!==null)h.on.property(o,k,'write',__heddle_p(h,i));return o}",
  rb: "(o,i,k){var h=__heddle||__heddle_h();if(h.on!==null)h.on.property(o,k,'update',__heddle_p(h,i));return o}",
  w: "(o,i,v){var h=__heddle||__heddle_h();if(h.on!==null)h.on.property(o,void 0,'write',__heddle_p(h,i));return v}",
  wk: "(o,i,k,v){var h=__heddle||__heddle_h();if(h.on!==null)h.on.property(o,k,'write',__heddle_p(h,i));return v}",
  l: "(v,o,i,k){var h=__heddle||__heddle_h();if(h.on!==null)h.on.property(o(),k,'write',__heddle_p(h,i));return v}",
  m: '(o,i){var h=__heddle||__heddle_h();if(h.on!==null)h.on.method(o,__heddle_p(h,i));return o}',
  ml: '(v,o,i){var h=__heddle||__heddle_h();if(h.on!==null)h.on.method(o(),__heddle_p(h,i));return v}',
  vr: "(v,i,e){var h=__heddle||__heddle_h();if(h.on!==null)h.on.variable(e||null,'read',__heddle_p(h,i));return v}",
  vw: "(v,i,e){var h=__heddle||__heddle_h();if(h.on!==null)h.on.variable(e||null,'write',__heddle_p(h,i));return v}",
  vu: "(v,i,e){var h=__heddle||__heddle_h();if(h.on!==null)h.on.variable(e||null,'update',__heddle_p(h,i));return v}",
  e: '(){var h=__heddle||__heddle_h();return h.on===null?null:{}}',
}

/** The names of the helpers, which calls of them have to use. */
export type Helper = 'at' | 'it' | 'du' | 'r' | 'rs' | 'b' | 'rb' | 'w' | 'wk' | 'l' | 'm' | 'ml' | 'vr' | 'vw' | 'vu' | 'e'

/** What marks a module as transformed. */
export const PREFIX = '__heddle'

/** Collects which helpers a module calls. */
export class Header {
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
      `function ${PREFIX}_h(){return ${PREFIX}=globalThis[Symbol.for("heddle.instruments")]??={on:null}}` +
      `function ${PREFIX}_p(h,i){return(${PREFIX}_t??=h.on.sites(${JSON.stringify(file)},${sites}))[i]}` +
      `${helpers.join('')};`
    )
  }
}
