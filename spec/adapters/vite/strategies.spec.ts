import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Access } from '../../../src/loop/runnable.ts'
import { check, gather, type Strategy, type StrategyName } from '../../../src/index.ts'
import { type Loaded, withPlugin } from './load.ts'

let vite: Loaded
beforeAll(async () => {
  vite = await withPlugin()
})
afterAll(() => vite.close())

/** What a run in FIFO order touches: `r` or `w` and a number for each thing, in the order in which they are first touched. */
async function touched(code: string): Promise<string> {
  const { f } = await vite.evaluate<{ f: () => Promise<unknown> }>(`touched-${code.length}.js`, code)
  const names = new Map<number, number>()
  const seen: string[] = []
  const watching: Strategy & { watches: boolean; access(access: Access): void } = {
    name: 'watching',
    watches: true,
    begin: ({ schedule }) => schedule === 1,
    pick: () => 0,
    access: ({ object, kind }) => {
      if (!names.has(object)) names.set(object, names.size)
      seen.push(`${kind === 'read' ? 'r' : 'w'}${names.get(object)}`)
    },
  }
  const { failure } = await check(() => f(), { strategy: watching })
  if (failure !== undefined) throw failure.error
  return seen.join(' ')
}

describe('what is told of', () => {
  test.each([
    ['properties: reads, writes, updates', 'const o = { p: 1, q: 2 }\nexport async function f() { o.p; o.q = 1; o.p += 1; o.q++; delete o.p }', 'r0 w1 r0 w0 r1 w1 w0'],
    ['another object of the same shape', 'const make = () => ({ p: 1 })\nexport async function f() { const a = make(), b = make(); a.p = b.p; b.p = a.p }', 'r0 w1 r1 w0'],
    ['computed names and private ones', "class A { #n = 0; #fixed = 1; add() { this.#n += this.#fixed } }\nexport async function f() { const a = new A(), k = 'p', o = {}; a.add(); o[k] = 1; o.p; o[k + ''] }", 'r0 w0 w1 r1'],
    ['a write comes when its value is there', 'const o = { p: 0, m: new Map() }\nconst g = async () => o.p\nexport async function f() { o.p = await g(); o.m.set(1, await g()); o.p += await g() }', 'r0 w0 r1 r0 w2 r0 r0 w0'],
    ['collections by what is in them', 'const m = new Map(), a = []\nexport async function f() { m.get(1); m.set(1, 1); a.push(1); a[0]; a.length; a.map(String); m.size }', 'r0 w0 w1 r1 r1 r1 r0'],
    ['what fields begin with', 'let made = 0\nconst o = { p: 1 }\nclass A { static first = made++; id = made++; p = o.p; get = () => o.p }\nexport async function f() { new A().get(); made }', 'r0 w0 r1 r1 r0'],
    ['variables of modules that change', 'let n = 0\nconst fixed = 1\nexport async function f() { n = n + fixed; n++; n += 2 }', 'r0 w0 r0 w0 r0 w0'],
    ['variables of closures, each activation\'s own', 'const make = () => { let n = 0; return () => ++n }\nexport async function f() { const a = make(), b = make(); a(); b(); a() }', 'r0 w0 r1 w1 r0 w0'],
    ['not a function\'s own variables', 'export async function f() { let n = 0; n += await 1; return n }', ''],
    ['targets in patterns and in the heads of loops', 'const o = { p: 1 }\nlet n = 0\nexport async function f() { [o.p, n] = [1, 2]; for (o.p of [3]); ({ q: n = 4 } = {}) }', 'w0 w1 w1 w0'],
    ['logical assignments: a read, and a write only if there is one', 'let n = 0\nexport async function f() { n ??= 1; n ||= 2; n &&= 3 }', 'r0 r0 w0 r0 w0'],
    ['destructuring', 'const o = { p: 1, q: { r: 2 } }\nexport async function f() { const { p, q: { r } } = o; return p + r }', 'r0 r1'],
  ])('%s', async (_, code, accesses) => {
    expect(await touched(code)).toBe(accesses)
  })

  test('nothing with accesses: false', async () => {
    const bare = await withPlugin({ accesses: false })
    try {
      const result = await bare.server.transformRequest('/bank.ts', { ssr: true })
      expect(result?.code.match(/__heddle_(?!h|p|t)\w+/g)?.toSorted().filter((x, i, all) => x !== all[i - 1])).toEqual(['__heddle_at'])
    } finally {
      await bare.close()
    }
  })
})

describe('strategies', () => {
  /** A late window: B's two awaits must fall between the last two of A's ten. */
  const WINDOW = `export function make() {
  const state = { ready: false, done: false, n: 0 }
  return {
    state,
    async a() { for (let i = 0; i < 8; i++) { await 0; state.n = i } state.ready = true; await 0; state.ready = false },
    async b() { await 0; if (state.ready) state.done = true },
  }
}`
  type Window = { make(): { state: { done: boolean }; a(): Promise<void>; b(): Promise<void> } }

  test.each<StrategyName>(['pos', 'surw', 'pct', 'auto'])('%s finds a late window in plain awaits', async (strategy) => {
    const { make } = await vite.evaluate<Window>('window.js', WINDOW)
    const report = await check(
      async () => {
        const { state, a, b } = make()
        await gather([a, b])
        if (state.done) throw new Error('in the window')
      },
      { strategy, schedules: 1000 },
    )
    expect(report.failure?.kind).toBe('error')
  })

  const independent = (second: string): string => `const o = { p: 0, q: 0 }
export async function first() { const before = o.p; await 0; o.p = before + 1 }
export async function second() { const before = o.${second}; await 0; o.${second} = before + 1 }
export const reset = () => { o.p = 0; o.q = 0 }
export const total = () => o.p + o.q`
  type Two = Record<'first' | 'second', () => Promise<void>> & { reset(): void; total(): number }

  test('dpor runs one schedule where two tasks touch different things, and finds the lost update where they don\'t', async () => {
    const explore = async (second: string) => {
      const two = await vite.evaluate<Two>(`two-${second}.js`, independent(second))
      const body = async () => {
        two.reset()
        await gather([two.first, two.second])
        if (two.total() !== 2) throw new Error('lost update')
      }
      const options = { strategy: 'dpor', assume: 'tracked', bail: false } as const
      const all = await check(body, { strategy: 'exhaustive', bail: false })
      return { all, reduced: await check(body, options) }
    }
    const apart = await explore('q')
    expect(apart.all).toMatchObject({ schedules: 6, failures: 0 })
    expect(apart.reduced).toMatchObject({ schedules: 1, failures: 0, exhausted: true })
    const together = await explore('p')
    expect(together.all.failures).toBeGreaterThan(0)
    expect(together.reduced).toMatchObject({ exhausted: true })
    expect(together.reduced.failures).toBeGreaterThan(0)
    expect(together.reduced.schedules).toBeLessThanOrEqual(together.all.schedules)
  })
})
