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

/** Each in `add`, from line 6 on. */
describe('a failure names the broken atomic section', () => {
  const who = /by (Task-\d), written at (\S+) by (Task-\d), and written from the stale read at (\S+) by (Task-\d)\.$/

  test.each([
    ['property', make('const before = o.n\n      await load()\n      o.n = before + n', 'const o = { n: 0 }', 'o.n'), '`o.n` was read at property.js:6', 'property.js:8'],
    ['one-expression', make('o.n += await load(n)', 'const o = { n: 0 }', 'o.n'), '`o.n` was read at one-expression.js:6', 'one-expression.js:6'],
    ['closure', make('const before = sum\n      await load()\n      sum = before + n', 'let sum = 0', 'sum'), '`sum` was read at closure.js:6', 'closure.js:8'],
    ['map', make("const before = m.get('a')\n      await load()\n      m.set('a', before + n)", "const m = new Map([['a', 0]])", "m.get('a')"), '`m` was read at map.js:6', 'map.js:8'],
    ['array', make('const before = a[0]\n      await load()\n      a[0] = before + n', 'const a = [0]', 'a[0]'), '`a[0]` was read at array.js:6', 'array.js:8'],
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
