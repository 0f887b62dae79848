import { parseAst, type Plugin, transformWithOxc } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { instrument } from '../../../src/adapters/vite/instrument.ts'
import { check, createTask, gather, sleep } from '../../../src/index.ts'
import { turnsOf } from './labels.ts'
import { type Loaded, withPlugin } from './load.ts'

/* Each limit that docs/plugin.md tells of, and what happens there. */

let vite: Loaded
beforeAll(async () => {
  vite = await withPlugin()
})
afterAll(() => vite.close())

async function scenario(file: string, code: string): Promise<() => Promise<unknown>> {
  return (await vite.evaluate<{ scenario: () => Promise<unknown> }>(file, code)).scenario
}

/** Two additions to one balance; `read` says how the old value is waited for. */
function additions(read: string): string {
  return `let balance
const load = async () => balance
const add = (n) => ${read}
export async function scenario() {
  balance = 0
  await Promise.all([add(1), (async () => { await null; await null; await null; await null; await null; await add(2) })()])
  if (balance !== 3) throw new Error('lost update')
}`
}

describe('what is no choice point', () => {
  test('.then: its callback runs where JavaScript runs it', async () => {
    const chained = await scenario('chained.js', additions('load().then((before) => { balance = before + n })'))
    expect(await check(chained, { bail: false })).toMatchObject({ failures: 0, exhausted: true })
    // The same with await.
    const awaited = await scenario('awaited.js', additions('(async () => { const before = await load(); balance = before + n })()'))
    expect((await check(awaited)).failure?.kind).toBe('error')
  })

  test('callbacks and awaits of code that is not transformed', async () => {
    const library = async (callback: () => unknown): Promise<void> => {
      await Promise.resolve()
      await callback()
      await Promise.resolve()
    }
    const { f } = await vite.evaluate<{ f: (x: typeof library) => Promise<void> }>(
      'caller.js',
      'export const f = async (library) => { await library(() => 1); await library(async () => { await 2 }) }',
    )
    expect(await turnsOf(() => f(library))).toEqual(['caller.js:1 f', 'caller.js:1 f', 'caller.js:1 f'])
  })

  test('awaits within the host: of Promise.all only the one await', async () => {
    const f = await scenario('all.js', 'const one = async () => 1\nexport const scenario = async () => await Promise.all([one(), one(), one()])')
    expect(await turnsOf(f)).toEqual(['all.js:2 scenario'])
  })

  test('top-level await: the module is evaluated once, and left alone', () => {
    const code = 'export const x = await load()\nfor await (const y of x) await y\n'
    expect(instrument({ code, file: 'top.js', map: () => null, accesses: true, parse: parseAst })).toBeNull()
  })

  test('yield in a generator that is not async: whoever runs it says what it waits for', async () => {
    const code = `const run = (it) => new Promise((resolve) => {
  const next = (x) => { const { done, value } = it.next(x); if (done) resolve(value); else Promise.resolve(value).then(next) }
  next()
})
export const scenario = () => run((function* () { const a = yield 1; return a + (yield 2) })())`
    const f = await scenario('co.js', code)
    expect(await f()).toBe(3)
    expect(await turnsOf(f)).toEqual([])
  })

  test('using: its disposal is synchronous', () => {
    const code = 'async function f() { using x = y(); await x.z }'
    const made = instrument({ code, file: 'using.js', map: () => null, accesses: false, parse: parseAst })
    expect(made?.code.split('\n')[0]).toBe('async function f() { using x = y(); await __heddle_at(x.z,0) }')
  })

  test('decorators: what they do is not told of, and the methods that they decorate are as any others', async () => {
    const lowering: Plugin = {
      name: 'legacy-decorators',
      enforce: 'pre',
      transform: (code, id) => (id.includes('decorated') ? transformWithOxc(code, id, { decorator: { legacy: true } }) : null),
    }
    const code = `const log: string[] = []
const names = { it(target: object, name: string) { log.push(name) } }
class A {
  n = 0
  @names.it
  async add() { const before = this.n; await null; this.n = before + 1 }
}
export const scenario = async () => { const a = new A(); await a.add(); return [log, a.n] }`
    const decorated = await withPlugin({}, [lowering])
    try {
      const { scenario: f } = await decorated.evaluate<{ scenario: () => Promise<unknown> }>('decorated.ts', code)
      expect(await f()).toEqual([['add'], 1])
      expect((await turnsOf(f)).toSorted()).toEqual(['decorated.ts:6 add', 'decorated.ts:8 scenario'])
    } finally {
      await decorated.close()
    }
  })

  test('decorators that nothing has lowered keep their grammar', () => {
    const code = 'function f(names) { class A { @names.it @(names.that) m() { return names.x } } return A }'
    const made = instrument({ code, file: 'kept.js', map: () => null, accesses: true, parse: parseAst })
    expect(made?.code).toContain('@names.it @(names.that) m() { return __heddle_o(names,0).x }')
  })

  test('permute io: an await of what is there at once never waits, so that a timer can\'t pass it', async () => {
    const f = await scenario('order.js', ORDER)
    const tasks = await check(f)
    expect(tasks.failure?.kind).toBe('error')
    expect(String(tasks.failure)).toContain('order.js:4 load')
    expect(await check(f, { permute: 'io', bail: false })).toMatchObject({ failures: 0, exhausted: true })
    // What waits for a timer may be late under both.
    const slow = await scenario('slow.js', ORDER.replace('await cache', 'await new Promise((resolve) => setTimeout(resolve, 100))'))
    expect((await check(slow, { permute: 'io' })).failure?.kind).toBe('error')
  })
})

describe('what code that is transformed can\'t do', () => {
  test('be read as text and run elsewhere: it lacks the helpers that it calls', async () => {
    const { page } = await vite.evaluate<{ page: (x: unknown) => Promise<unknown> }>('page.js', 'export const page = async (x) => await x')
    expect(await page(1)).toBe(1)
    const elsewhere = new Function(`return ${page.toString()}`)() as typeof page
    await expect(elsewhere(1)).rejects.toThrow(/__heddle_\w+ is not defined/)
  })

  test('be quoted as it was written, in errors of the engine\'s', async () => {
    const { f } = await vite.evaluate<{ f: () => Promise<unknown> }>('quoted.js', 'const o = { a: {} }\nexport const f = async () => await o.a.missing()')
    await expect(f()).rejects.toThrow(TypeError)
    await expect(f()).rejects.toThrow('__heddle_o(...).a.missing is not a function')
  })
})

describe('cancellation', () => {
  /** What a task does that is cancelled while it waits for a timer. */
  async function cancelled(code: string, permute: 'tasks' | 'io'): Promise<{ log: string[]; kind: string | undefined }> {
    type Work = (log: string[], rest: () => PromiseLike<unknown>) => Promise<void>
    const { work } = await vite.evaluate<{ work: Work }>(`cancelled-${code.length}.js`, `export async function work(log, rest) { ${code} }`)
    let log: string[] = []
    const { failure } = await check(async () => {
      log = []
      const task = createTask(async () => work(log, () => sleep(1)))
      await sleep(0.01)
      task.cancel()
      await gather([task], { returnExceptions: true })
      log.push(task.cancelled() ? 'cancelled' : 'done')
    }, { permute, strategy: 'fifo', schedules: 1 })
    return { log, kind: failure?.kind }
  }
  const passing = "await new Promise((done) => setTimeout(done, 100)); log.push('timer'); await 1; log.push('value'); await rest(); log.push('rested')"

  test('permute tasks: it reaches the await that the task is at', async () => {
    expect(await cancelled(passing, 'tasks')).toEqual({ log: ['cancelled'], kind: undefined })
  })

  test('permute io: it reaches the next wait for something of Heddle\'s', async () => {
    expect(await cancelled(passing, 'io')).toEqual({ log: ['timer', 'value', 'cancelled'], kind: undefined })
    // Where none comes the work is done all the same; a task that ends with a cancellation still to come counts as cancelled.
    expect(await cancelled("await new Promise((done) => setTimeout(done, 100)); log.push('timer')", 'io')).toEqual({ log: ['timer', 'cancelled'], kind: undefined })
    // Nobody can cancel the promise that is awaited.
    expect(await cancelled('await new Promise(() => {})', 'io')).toMatchObject({ kind: 'deadlock' })
  })
})

/** The program of docs/plugin.md, "Which awaits may wait". */
const ORDER = `const cache = Promise.resolve('settings')
let shown
async function load() {
  await cache
  shown = 'settings'
}
export async function scenario() {
  shown = undefined
  const loading = load()
  await new Promise((resolve) => setTimeout(resolve, 50))
  if (shown === undefined) throw new Error('nothing to show after 50 ms')
  await loading
}`
