import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { type AccessRecord, staleWriteIn } from '../../../src/explore/stale-write.ts'
import { check, type ExploreOptions, failureFileText, gather, parseFailureFile } from '../../../src/index.ts'
import { type Loaded, withPlugin } from './load.ts'

let vite: Loaded
beforeAll(async () => {
  vite = await withPlugin()
})
afterAll(() => vite.close())

interface Counter {
  add(n: number): Promise<void>
  total(): number
}

/** What is said of two additions that lose one of them. */
async function said(name: string, code: string, together?: (counter: Counter) => Promise<unknown>, options?: ExploreOptions): Promise<string | undefined> {
  const { make } = await vite.evaluate<{ make: () => Counter }>(`${name}.js`, code)
  const two = together ?? ((c) => gather([() => c.add(1), () => c.add(2)]))
  const { failure } = await check(async () => {
    const counter = make()
    await two(counter)
    if (counter.total() !== 3) throw new Error(`lost update: ${counter.total()}`)
  }, options)
  expect(failure?.kind).toBe('error')
  const read = parseFailureFile(failureFileText(failure?.file as never))
  expect(read.stale).toEqual(failure?.file.stale)
  return String(failure).split('\n').find((line) => line.includes('stale read'))?.trim()
}

const make = (body: string, state: string, total: string): string =>
  `const load = async (x) => x\nexport const make = () => {\n  ${state}\n  return {\n    async add(n) {\n      ${body}\n    },\n    total: () => ${total},\n  }\n}`

const module = (state: string, reset: string, body: string, total: string): string =>
  `const load = async (x) => x\n${state}\nexport const make = () => {\n  ${reset}\n  return { async add(n) {\n      ${body}\n    },\n    total: () => ${total},\n  }\n}`

/** Each in `add`, from line 6 on. */
describe('a failure names the broken atomic section', () => {
  const who = /by (Task-\d), written at (\S+) by (Task-\d), and written from the stale read at (\S+) by (Task-\d)\.$/

  test.each([
    ['property', make('const before = o.n\n      await load()\n      o.n = before + n', 'const o = { n: 0 }', 'o.n'), '`o.n` was read at property.js:6', 'property.js:8'],
    ['one-expression', make('o.n += await load(n)', 'const o = { n: 0 }', 'o.n'), '`o.n` was read at one-expression.js:6', 'one-expression.js:6'],
    ['closure', make('const before = sum\n      await load()\n      sum = before + n', 'let sum = 0', 'sum'), '`sum` was read at closure.js:6', 'closure.js:8'],
    ['map', make("const before = m.get('a')\n      await load()\n      m.set('a', before + n)", "const m = new Map([['a', 0]])", "m.get('a')"), '`m` was read at map.js:6', 'map.js:8'],
    ['array', make('const before = a[0]\n      await load()\n      a[0] = before + n', 'const a = [0]', 'a[0]'), '`a[0]` was read at array.js:6', 'array.js:8'],
    ['set', make("if (s.has('a')) return; await load()\n      s.add('a'); o.n += 3", "const s = new Set(), o = { n: 0 }", 'o.n'), '`s` was read at set.js:6', 'set.js:7'],
    ['size', make('const before = s.size\n      await load()\n      s.add(before)', 'const s = new Set()', 's.size + 1'), '`s` was read at size.js:6', 'size.js:8'],
    ['weak-map', make('const before = w.get(k)\n      await load()\n      w.set(k, before + n)', 'const k = {}, w = new WeakMap([[k, 0]])', 'w.get(k)'), '`w` was read at weak-map.js:6', 'weak-map.js:8'],
    ['typed-array', make('a[0] += await load(n)', 'const a = new Int32Array(1)', 'a[0]'), '`a[0]` was read at typed-array.js:6', 'typed-array.js:6'],
    ['queue', make('const first = q[0]\n      await load()\n      o.n += first; q.shift()', 'const q = [1, 2], o = { n: 0 }', 'o.n'), '`q` was read at queue.js:6', 'queue.js:8'],
    ['computed', make("const key = 'a'\n      o[key] = o[key] + await load(n)", 'const o = { a: 0 }', 'o.a'), '`o[key]` was read at computed.js:7', 'computed.js:7'],
    ['of-another', make("const { n: before } = m.get('a')\n      await load()\n      m.get('a').n = before + n", "const m = new Map([['a', { n: 0 }]])", "m.get('a').n"), "`m.get('a').n` was read at of-another.js:6", 'of-another.js:8'],
    ['destructured', make('const { n: before } = o\n      await load();\n      [o.n] = [before + n]', 'const o = { n: 0 }', 'o.n'), '`o.n` was read at destructured.js:6', 'destructured.js:8'],
    ['in-a-pattern', make('const before = sum\n      await load();\n      [sum] = [before + n]', 'let sum = 0', 'sum'), '`sum` was read at in-a-pattern.js:6', 'in-a-pattern.js:8'],
    ['once', make('made ??= await load(++o.n)', 'let made; const o = { n: 0 }', 'o.n === 1 ? 3 : 0'), '`made` was read at once.js:6', 'once.js:6'],
    ['once-in-a-field', make('o.made ??= await load(++o.n)', 'const o = { n: 0, made: undefined }', 'o.n === 1 ? 3 : 0'), '`o.made` was read at once-in-a-field.js:6', 'once-in-a-field.js:6'],
    ['module', module('let sum = 0', 'sum = 0', 'const before = sum\n      await load()\n      sum = before + n', 'sum'), '`sum` was read at module.js:6', 'module.js:8'],
    ['exported', module('export let sum = 0', 'sum = 0', 'sum += await load(n)', 'sum'), '`sum` was read at exported.js:6', 'exported.js:6'],
    ['static', module('class C { static n = 0 }', 'C.n = 0', 'const before = C.n\n      await load()\n      C.n = before + n', 'C.n'), '`C.n` was read at static.js:6', 'static.js:8'],
    ['static-private', `const load = async (x) => x
export class C {
  static #n = 0
  static reset() { this.#n = 0 }
  static async add(n) {
    const before = C.#n
    await load()
    C.#n = before + n
  }
  static total() { return C.#n }
}
export const make = () => { C.reset(); return C }`, '`C.#n` was read at static-private.js:6', 'static-private.js:8'],
  ])('%s', async (name, code, read, write) => {
    const sentence = await said(name, code)
    expect(sentence?.startsWith(`${read} by Task-`)).toBe(true)
    const [, a, between, b, written, again] = who.exec(sentence ?? '') ?? []
    expect([between, written, again]).toEqual([write, write, a])
    expect(b).not.toBe(a)
  })

  test('private state, and two chains of one task', async () => {
    const code = `export class Counter {
  #n = 0
  async add(n) {
    const before = this.#n
    await null
    this.#n = before + n
  }
  total() { return this.#n }
}
export const make = () => new Counter()`
    expect(await said('private', code, (c) => Promise.all([c.add(1), c.add(2)]))).toMatch(
      /^`this\.#n` was read at private\.js:4 by (Task-1·2|Task-1), written at private\.js:6 by (Task-1·2|Task-1), and written from the stale read at private\.js:6 by \1\.$/,
    )
  })

  test('to check, then to act, is one too', async () => {
    const code = make('if (!o.done) { await load(); o.calls++; o.done = true } o.n += n', 'const o = { n: 0, calls: 0, done: false }', 'o.n + (o.calls - 1) * 10')
    expect(await said('check-then-act', code)).toMatch(/^`o\.done` was read at check-then-act\.js:6 by /)
  })

  test('no sentence where nothing was written from a stale read', async () => {
    const code = make('await load(); o.last = n', 'const o = { last: 0 }', 'o.last + 1')
    expect(await said('last-one', code)).toBeUndefined()
  })
})

describe('the analysis', () => {
  const at = { file: 'a.js', line: 1 }
  const access = (lane: number, kind: 'read' | 'write', object = 1): AccessRecord => ({ object, kind, name: 'x', at, task: `T${lane}`, strand: { lane } })
  const lanesOf = (...accesses: AccessRecord[]): number[] | undefined => {
    const found = staleWriteIn(accesses)
    return found === undefined ? undefined : [found.read.lane, found.between.lane, found.written.lane]
  }

  test('read, remote write, write', () => {
    expect(lanesOf(access(1, 'read'), access(2, 'write'), access(1, 'write'))).toEqual([1, 2, 1])
  })

  test('what was read again is not stale', () => {
    expect(lanesOf(access(1, 'read'), access(2, 'write'), access(1, 'read'), access(1, 'write'))).toBeUndefined()
  })

  test('one\'s own write, a write of something else, and a read are no remote write', () => {
    expect(lanesOf(access(1, 'read'), access(1, 'write'), access(1, 'write'))).toBeUndefined()
    expect(lanesOf(access(1, 'read'), access(2, 'write', 2), access(1, 'write'))).toBeUndefined()
    expect(lanesOf(access(1, 'read'), access(2, 'read'), access(1, 'write'))).toBeUndefined()
  })

  test('the last of several is told, with the first that came between', () => {
    const accesses = [access(1, 'read'), access(2, 'read'), access(3, 'write'), access(1, 'write'), access(2, 'write')]
    expect(lanesOf(...accesses)).toEqual([2, 3, 2])
  })
})
