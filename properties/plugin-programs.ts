/**
 * Writes a program whose every decision is one of the numbers; where they end, the shortest form is taken. Its chains of
 * awaits begin together.
 */
export function programOf(decisions: readonly number[], chains = 1): string {
  return new Writer(decisions).program(chains)
}

/** Where a statement stands. */
interface Place {
  readonly depth: number
  readonly loops: readonly string[]
  /** In an async generator. */
  readonly yields: boolean
  /** In none of its functions either, so that it calls itself. */
  readonly mayCall: boolean
}

const OPERATORS = ['+', '-', '*', '%', '&', '|', '<', '===', '&&', '||']
const ASSIGNMENTS = ['=', '+=', '-=', '*=', '|=', '??=', '||=', '&&=']
const PLACES = ['a', 'b', 'n', 'o.p', 'o.q.r', "o['p']", 'list[0]', 'list[list.length - 1]', 'c.y', 'c.shared', 'C.made', 'o[k]']

class Writer {
  readonly #decisions: readonly number[]
  #next = 0
  #names = 0

  constructor(decisions: readonly number[]) {
    this.#decisions = decisions
  }

  program(chains: number): string {
    const place: Place = { depth: 3, loops: [], yields: false, mayCall: true }
    const body = (): string => `(async () => {\n${this.#block(place, '    ')}\n  })()`
    return `let n = 1, fuel = 0
const o = { p: 1, q: { r: 2 }, list: [3], f(x) { return this.p + x }, async g(x) { this.p += await x; return this.p } }
class C {
  static made = 0
  static #all = 0
  #x = 1
  y = C.made++ + n
  field = async (v) => { this.#x += await v; return this.#x }
  get shared() { return this.#x + C.#all }
  set shared(v) { C.#all = v }
  async add(v) { this.#x ??= await v; this.#x += await v; C.#all++; return this.shared }
}
function burn() { if (++fuel > 300) throw new RangeError('fuel') }
export async function f(log) {
  let a = 1, b = 2
  const k = 'p', list = [1, 2], m = new Map([['p', 1]]), c = new C()
  const peek = () => [a, b, n]
  const add = async (x = a, { y = b } = {}) => { a += await x; return a + y }
  async function* steps(x) {
${this.#block({ ...place, depth: 2, yields: true, mayCall: false }, '    ')}
    yield x; return a
  }
  await Promise.all([${Array.from({ length: chains }, body).join(', ')}])
  log.push(peek(), o, list, [...m], c.shared, C.made)
}
`
  }

  #pick(many: number): number {
    return (this.#decisions[this.#next++] ?? 0) % many
  }

  #one<T>(of: readonly T[]): T {
    return of[this.#pick(of.length)] as T
  }

  #name(): string {
    return `v${this.#names++}`
  }

  #block(place: Place, indent: string): string {
    return Array.from({ length: 1 + this.#pick(4) }, () => this.#statement(place, indent)).join('\n')
  }

  #braces(place: Place, indent: string): string {
    return `{\n${this.#block({ ...place, depth: place.depth - 1 }, `${indent}  `)}\n${indent}}`
  }

  #statement(place: Place, indent: string): string {
    const e = (): string => this.#expression(place.depth)
    const loop = (head: (label: string) => string): string => {
      const label = this.#name()
      const inner = { ...place, depth: place.depth - 1, loops: [...place.loops, label] }
      return `${label}: ${head(label)} {\n${indent}  burn()\n${this.#block(inner, `${indent}  `)}\n${indent}}`
    }
    const forms: (() => string)[] = [
      () => `log.push(${e()})`,
      () => `${this.#target()};`,
      () => `if (${e()}) log.push(${e()}); else { ${this.#target()} }`,
      () => `const { p: ${this.#name()} = ${e()}, ...${this.#name()} } = o`,
      () => `await ${e()}`,
      () => `;[a, n] = [${e()}, ${e()}]`,
      () => `;({ p: ${this.#one(PLACES)}, q: ${this.#one(PLACES)} = ${e()}, ...o.q } = { p: ${e()} })`,
    ]
    if (place.yields) forms.push(() => `log.push(yield ${e()})`, () => `if (${e()}) return ${e()}`, () => `yield* [${e()}, ${e()}]`)
    if (place.loops.length > 0) {
      forms.push(
        () => `if (${e()}) break ${this.#one(place.loops)}`,
        () => `if (${e()}) continue ${this.#one(place.loops)}`,
      )
    }
    if (place.depth > 0) {
      const braces = (): string => this.#braces(place, indent)
      forms.push(
        () => loop((label) => `for (let ${label}i = 0; ${label}i < await 2; ${label}i++, a++)`),
        () => loop((label) => `for (const ${label}x of [${e()}, ${e()}])`),
        () => loop((label) => `for await (const ${label}x of [${e()}, Promise.resolve(${e()})])`),
        () => loop(() => `while (n++ < ${e()})`),
        () => `try ${braces()} catch (e) { log.push(e instanceof Error ? e.name : e) } finally ${braces()}`,
        () => `try { throw await ${e()} } catch (e) ${braces()}`,
        () => `{ let a = ${e()}; const inner = () => a++; log.push(inner()); ${this.#statement({ ...place, depth: place.depth - 1 }, indent).trim()}\n${indent}log.push(a) }`,
        () => `switch (${e()}) { case ${e()}: ${braces()} case 1: ${braces()} break; default: ${braces()} }`,
        () => `log.push(await (async (b) => ${this.#braces({ ...place, loops: [], yields: false }, indent)})(${e()}))`,
      )
      if (place.mayCall) forms.push(() => loop((label) => `for await (const ${label}x of steps(${e()}))`))
    }
    return `${indent}${this.#one(forms)()}`
  }

  /** Something that is assigned to, or counted up. */
  #target(): string {
    const place = this.#one(PLACES)
    if (this.#pick(4) === 0) return `${place}${this.#one(['++', '--'])}`
    return `${place} ${this.#one(ASSIGNMENTS)} ${this.#expression(1)}`
  }

  #expression(depth: number): string {
    if (depth <= 0) return this.#one(['1', ...PLACES, 'm.get(k)', 'c.shared', 'o?.q?.r', 'peek().length', '0', 'null', 'm.size'])
    const e = (): string => this.#expression(depth - 1)
    const forms: (() => string)[] = [
      () => this.#expression(0),
      () => `await ${this.#expression(0)}`,
      () => `await (${e()})`,
      () => `(${e()} ${this.#one(OPERATORS)} (${e()}))`,
      () => `(${e()} ?? (${e()}))`,
      () => `(${e()} ? ${e()} : ${e()})`,
      () => `(${this.#target()})`,
      () => `await add(${e()})`,
      () => `await c.add(await ${e()})`,
      () => `await c.field(${e()})`,
      () => `o.f(${e()})`,
      () => `await o.g(${e()})`,
      () => `(${e()}, ${e()})`,
      () => `\`\${${e()}}\`.length`,
      () => `[${e()}, ...[${e()}]].length`,
      () => `(({ x = ${this.#expression(0)}, ...y }) => x)({ z: a, a, b })`,
      () => `new C(${e()}).y`,
      () => `(() => ${this.#expression(0)})()`,
      () => `await (async () => ${e()})()`,
      () => `(list.push(${e()}), list.length)`,
      () => `m.set(k, ${e()}).get('p')`,
      () => `o?.[k]`,
      () => `typeof (${e()})`,
      () => `(await ${this.#expression(0)} in [${e()}])`,
      () => `(delete o.zzz, ${e()})`,
      () => `((x) => x)\`\${${e()}}\`.length`,
    ]
    return this.#one(forms)()
  }
}
