import { parseAst, type Plugin, transformWithOxc } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { instrument } from '../../../src/adapters/vite/instrument.ts'
import { turnsOf } from './labels.ts'
import { type Loaded, ROOT, withPlugin } from './load.ts'

let vite: Loaded
beforeAll(async () => {
  vite = await withPlugin()
})
afterAll(() => vite.close())

interface Form {
  /** The body of an async function `f`, or a module that exports one. */
  readonly code: string
  readonly gives: unknown
  /** The lines of the awaits that had their turn, in order. */
  readonly turns: readonly string[]
}

/** Each gives the same inside an exploration and outside it, and takes a turn at each await. */
const forms: Record<string, Form> = {
  await: { code: 'return await 1', gives: 1, turns: ['1 f'] },
  'nested awaits': { code: 'return await (await Promise.resolve(async () => 2))()', gives: 2, turns: ['1 f', '1 f'] },
  'an await without a blank': { code: 'return await[1, 2]', gives: [1, 2], turns: ['1 f'] },
  'a parenthesised sequence': { code: 'return await (0, 3)', gives: 3, turns: ['1 f'] },
  'a compound assignment': {
    code: 'const o = { n: 1 }\nconst add = async () => { o.n += 10; return 1 }\no.n += await add()\nreturn o.n',
    gives: 2,
    turns: ['3 f'],
  },
  'a variable that is read before the await': {
    code: 'let n = 1\nconst add = async () => { n += 10; return 1 }\nn += await add()\nreturn n',
    gives: 2,
    turns: ['3 f'],
  },
  'logical assignments': {
    code: 'let n\nconst o = { set: 1 }\nconst g = () => n\nn ??= await 1; n ||= await 2; o.set &&= await 3; o.get ??= await 4\nreturn [g(), o]',
    gives: [1, { set: 3, get: 4 }],
    turns: ['4 f', '4 f', '4 f'],
  },
  'updates of what is shared': {
    code: 'let n = 1n, m = 1\nconst o = { p: 1n, q: [1] }\nconst g = () => [n++, ++m, o.p++, --o.q[0], o.p]\nreturn [await g(), n, m]',
    gives: [[1n, 2, 1n, 0, 2n], 2n, 2],
    turns: ['4 f'],
  },
  'optional chaining': {
    code: 'const o = null\nreturn [await o?.a.b, o?.a.b.c(), await { p: { q: 1 } }?.p.q]',
    gives: [undefined, undefined, 1],
    turns: ['2 f', '2 f'],
  },
  'templates and computed names': {
    code: "const o = { [await 'k']: `<${await 1}${await `${await 2}`}>` }\nreturn o",
    gives: { k: '<12>' },
    turns: ['1 f', '1 f', '1 f', '1 f'],
  },
  'defaults of patterns': { code: 'const { a = await 1, b: [c = await 2] } = { b: [] }\nreturn [a, c]', gives: [1, 2], turns: ['1 f', '1 f'] },
  comments: {
    code: 'return await /* ) */ 1 /* ( */ // )\n  + await // x\n  2',
    gives: 3,
    turns: ['1 f', '2 f'],
  },
  'a class with awaits in its functions': {
    code: `class A {
  static made = []
  #n = 1
  run = async () => await this.#n
  static { A.made.push(async () => await 5) }
  async [await 'm']() { return await (this.#n += await 1) }
  get n() { return this.#n }
}
const a = new A()
return [await a.run(), await a.m(), a.n, await A.made[0]()]`,
    gives: [1, 2, 2, 5],
    turns: ['6 f', '4 run', '10 f', '6 f', '6 f', '10 f', '5 f', '10 f'],
  },
  'for await over async and sync iterables': {
    code: `const seen = []
async function* steps() { try { yield 1; yield 2; yield 3 } finally { seen.push('closed') } }
for await (const x of steps()) { if (x === 3) break; seen.push(x) }
for await (const x of ([4, Promise.resolve(5)])) seen.push(x)
return seen`,
    gives: [1, 2, 'closed', 4, 5],
    turns: ['2 steps', '3 f', '2 steps', '3 f', '2 steps', '3 f', '3 f', '4 f', '4 f', '4 f'],
  },
  'async generators': {
    code: `async function* inner() { const x = yield await 1; yield x; return 9 }
async function* outer() { const r = yield* inner(); yield; return r }
const it = outer()
return [await it.next(), await it.next('in'), await it.next(), await it.next()]`,
    gives: [{ value: 1, done: false }, { value: 'in', done: false }, { value: undefined, done: false }, { value: 9, done: true }],
    turns: ['1 inner', '1 inner', '2 outer', '4 f', '1 inner', '2 outer', '4 f', '1 inner', '2 outer', '2 outer', '4 f', '2 outer', '4 f'],
  },
  'an iterator that is rejected': {
    code: `let closed = false
const it = { [Symbol.iterator]: () => ({ next: () => ({ done: false, value: Promise.reject(new Error('no')) }), return: () => { closed = true; return {} } }) }
try { for await (const x of it); } catch (error) { return [error.message, closed] }`,
    gives: ['no', closesOnRejection()],
    turns: ['3 f'],
  },
  'constructors and tags of what is shared': {
    code: `let A = class { constructor() { this.ok = 1 } }
let tag = (s) => s.raw[0]
const o = { A, deep: { A } }
const change = () => { A = A; tag = tag }
change()
return [new A().ok, new o.deep.A().ok, (new (o.A)).ok, tag\`x\\n\`, await 0]`,
    gives: [1, 1, 1, 'x\\n', 0],
    turns: ['6 f'],
  },
  'methods keep their object': {
    code: `const o = { items: new Map(), list: [3, 1], async put(k, v) { this.items.set(k, await v); return this.items.get(k) } }
o.list.push(await 2)
o.list.sort()
return [await o.put('a', Promise.resolve(1)), o.items.size, o.list, o?.list?.at(-1)]`,
    gives: [1, 1, [1, 2, 3], 3],
    turns: ['2 f', '1 put', '4 f'],
  },
  'destructuring, deleting, names of functions': {
    code: `const o = { a: 1, b: { c: 2 }, d: 3 }
const { a, b: { c } } = o
let x, y;
({ a: x, d: y } = o)
delete o.a; delete o?.d
let named
const use = () => named
named = () => {}
const short = { x, y, named: use().name }
const change = () => { x++; y++ }
change()
return [a, c, short, o, await x, { x, y }]`,
    gives: [1, 2, { x: 1, y: 3, named: 'named' }, { b: { c: 2 } }, 2, { x: 2, y: 4 }],
    turns: ['12 f'],
  },
  'errors and finally': {
    code: `try { await Promise.reject(new RangeError('r')) } catch (error) { return [error.name, await 1] } finally { await 2 }`,
    gives: ['RangeError', 1],
    turns: ['1 f', '1 f', '1 f'],
  },
  'statements without semicolons': {
    code: 'const o = { n: 1 }\nlet k = 1\nconst g = () => k\nconst h = o\nk += 1\no.n\nk++\n;[k] = [await 7]\nreturn [g(), h.n]',
    gives: [7, 1],
    turns: ['8 f'],
  },
  'loops with closures': {
    code: `const fs = []
for (let i = 0; i < 2; i++) { let k = i; fs.push(async () => { k += await 10; return [i, k] }) }
return [await fs[1](), await fs[0](), await fs[1]()]`,
    gives: [[1, 11], [0, 10], [1, 21]],
    turns: ['2 f', '3 f', '2 f', '3 f', '2 f', '3 f'],
  },
}

/** What this JavaScript does: closing a synchronous iterator whose value was rejected is a recent rule (ES2025). */
function closesOnRejection(): unknown {
  return expect.any(Boolean)
}

describe.each(Object.entries(forms))('%s', (name, { code, gives, turns }) => {
  const file = `forms/${name.replaceAll(/\W+/g, '-')}.js`
  const load = async () => (await vite.evaluate<{ f: () => Promise<unknown> }>(file, `export async function f() { ${code}\n}`)).f

  test('gives what it gives without the plugin, outside an exploration and in one', async () => {
    const plain = new Function(`return async function f() { ${code}\n}`)() as () => Promise<unknown>
    expect(await plain()).toEqual(gives)
    const f = await load()
    expect(await f()).toEqual(gives)
    await turnsOf(async () => expect(await f()).toEqual(gives))
  })

  test('takes a turn at each await, called by file, line and function', async () => {
    const f = await load()
    expect(await turnsOf(() => f())).toEqual(turns.map((t) => `${file}:${t}`))
  })
})

describe('modules', () => {
  const turn = async (file: string, code: string) => {
    const { f } = await vite.evaluate<{ f: () => Promise<unknown> }>(file, code)
    let value: unknown
    const turns = await turnsOf(async () => {
      value = await f()
    })
    return { value, turns: turns.filter((t) => t.startsWith(file)) }
  }

  test('directives stay first, and count', async () => {
    const code = "'use strict'\nexport async function f() { 'use strict'; let n = 0; const g = () => { n++ }; g(); return [await (function () { return this })(), n] }"
    expect(await turn('directives.js', code)).toEqual({ value: [undefined, 1], turns: ['directives.js:2 f'] })
  })

  test('a hashbang stays the first line', () => {
    const code = transformed('#!/usr/bin/env node\nexport const f = async () => await 1\n')
    expect(code.split('\n')[0]).toBe('#!/usr/bin/env node')
    expect(code).toContain('await __heddle_at(1,0)')
  })

  test('TypeScript: lines and columns are those of the source', async () => {
    const code = 'interface A {\n  n: number\n}\n\ntype B = A\nexport const f = async (\n  b?: B,\n): Promise<number> => {\n  enum E { One = 1 }\n  return await (E.One as number)\n}\n'
    expect(await turn('typed.ts', code)).toEqual({ value: 1, turns: ['typed.ts:10 f'] })
  })

  test('TSX: what the compiler made of it still says the lines', async () => {
    const code = '/** @jsxRuntime classic */\n/** @jsx h */\nconst h = (...x: unknown[]) => x\n\nexport const f = async () => {\n  const a = <b\n    c={await 1}\n  >{await 2}</b>\n  return a\n}\n'
    expect(await turn('view.tsx', code)).toMatchObject({ value: ['b', { c: 1 }, 2], turns: ['view.tsx:7 f', 'view.tsx:8 f'] })
  })

  test('one minified line: columns tell the awaits apart', async () => {
    const code = 'export const f=async()=>{const a=await 1,b=await 2;return a+b};'
    expect((await turn('min.js', code)).turns).toEqual(['min.js:1 f', 'min.js:1 f'])
  })

  test('code outside the Latin alphabet keeps its columns', async () => {
    const code = "export const f = async () => { const 名 = '😀😀'; return [名, await '😀', (await { 名 }).名] }"
    expect((await turn('unicode.js', code)).value).toEqual(['😀😀', '😀', '😀😀'])
  })

  const disposing = `export const f = async () => {
  const log = []
  const resource = (name) => ({ name, async [Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')]() { log.push(name) } })
  {
    await using a = resource('a'), none = null
    await using b = resource('b')
    log.push(a.name + b.name)
  }
  for (await using c of [resource('c'), resource('d')]) log.push('in ' + c.name)
  return log
}`
  const lowering = (enforce: 'pre' | 'post'): Plugin => ({
    name: 'lowering',
    enforce,
    transform: (code, id) => (id.includes('using') ? transformWithOxc(code, id, { target: 'es2022' }) : null),
  })

  test.each([
    // Where the host or a later transform understands it, each declaration is a point once what follows it is disposed of.
    ['post', ['using.js:6 f', 'using.js:5 f', 'using.js:9 f', 'using.js:9 f']],
    // What was lowered before is awaits in code of the compiler's, which belongs to the lines before it.
    ['pre', ['using.js:7 f', 'using.js:9 f', 'using.js:9 f']],
  ] as const)('`await using` that is lowered %s', async (enforce, turns) => {
    const lowered = await withPlugin({}, [lowering(enforce)])
    try {
      const { f } = await lowered.evaluate<{ f: () => Promise<unknown> }>('using.js', disposing)
      expect(await f()).toEqual(['ab', 'b', 'a', 'in c', 'c', 'in d', 'd'])
      let value: unknown
      const taken = await turnsOf(async () => {
        value = await f()
      })
      expect(value).toEqual(['ab', 'b', 'a', 'in c', 'c', 'in d', 'd'])
      expect(taken.filter((t) => t.startsWith('using.js'))).toEqual(turns)
    } finally {
      await lowered.close()
    }
  })

  test('two modules in a circle call each other before they have run', async () => {
    const a = "import { early } from './circle-b.js'\nlet n = 1\nexport async function a(x) { n++; return [await x.y, typeof early] }"
    const b = "import { a } from './circle-a.js'\nexport const early = a({ y: 2 }).catch((error) => error.name)\nexport const f = () => early"
    const files = await withPlugin({}, [modules({ 'circle-a.js': a, 'circle-b.js': b })])
    try {
      // The call comes before the other module's first line; only its own `let` is not there yet.
      const { early } = await files.load<{ early: Promise<unknown> }>('circle-a.js').then(() => files.load<{ early: Promise<unknown> }>('circle-b.js'))
      expect(await early).toBe('ReferenceError')
    } finally {
      await files.close()
    }
  })

  test('a module that is transformed already is left as it is', () => {
    const once = transformed('export const f = async () => await 1\n')
    expect(transformed(once)).toBe(once)
  })

  function transformed(code: string): string {
    return instrument({ code, file: 'text.js', map: () => null, accesses: true, parse: parseAst })?.code ?? code
  }
})

/** Modules that import each other, by name. */
function modules(texts: Record<string, string>): Plugin {
  const nameOf = (id: string) => id.split('/').at(-1) as string
  return {
    name: 'texts',
    enforce: 'pre',
    resolveId: (id) => (nameOf(id) in texts ? `${ROOT}/${nameOf(id)}` : null),
    load: (id) => texts[nameOf(id)] ?? null,
  }
}
