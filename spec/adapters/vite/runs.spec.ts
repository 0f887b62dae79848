import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import {
  CancelledError, check, createTask, Event, Future, gather, Lock, pause, replay, run, sleep, type Task, timeout, waitFor,
} from '../../../src/index.ts'
import { turnsOf } from './labels.ts'
import { type Loaded, withPlugin } from './load.ts'

let vite: Loaded
beforeAll(async () => {
  vite = await withPlugin()
})
afterAll(() => vite.close())

type Awaiting = (x: unknown) => Promise<unknown>

/** `async (x) => await x`, transformed. */
async function awaiting(): Promise<Awaiting> {
  return (await vite.evaluate<{ wait: Awaiting }>('wait.js', 'export const wait = async (x) => await x')).wait
}

describe('what has a turn', () => {
  test('what is Heddle\'s own is a point already, and gets no second one', async () => {
    const wait = await awaiting()
    const turns = await turnsOf(async () => {
      const lock = new Lock()
      const event = new Event()
      const future = new Future<number>()
      createTask(async () => {
        await sleep(1)
        future.setResult(1)
        event.set()
      })
      await wait(lock.acquire())
      await wait(future)
      await wait(event.wait())
      await wait(gather([sleep(0)]))
      await wait(pause('a pause'))
    })
    expect(turns).toEqual(['a pause'])
  })

  test('with permute io an await passes: what it awaits has waited, or has not', async () => {
    const wait = await awaiting()
    expect(await turnsOf(() => wait(Promise.resolve(1)), { permute: 'io' })).toEqual([])
  })

  test('outside an exploration nothing does: not before, not after, not in a FIFO run, not beside one', async () => {
    const wait = await awaiting()
    const hook = (globalThis as unknown as Record<symbol, { on: unknown }>)[Symbol.for('heddle.instruments')]
    expect(hook?.on).toBeNull()
    expect(await run(() => wait(1))).toBe(1)
    // Code of another test that goes on in the meantime belongs to no run.
    const beside = (async () => {
      const seen: unknown[] = []
      for (let i = 0; i < 50; i++) {
        await new Promise((resolve) => setImmediate(resolve))
        seen.push(await wait(i))
      }
      return seen
    })()
    let choicePoints = 0
    for (let i = 0; i < 5; i++) choicePoints += (await check(async () => await wait(1))).choicePoints
    expect(choicePoints).toBe(0)
    expect(await beside).toEqual([...Array(50).keys()])
    expect(hook?.on).toBeNull()
  })

  test('a generator that is awaited runs nothing, and is warned of', async () => {
    const wait = await awaiting()
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    let ran = false
    function* coroutine() {
      ran = true
    }
    await check(() => wait(coroutine()))
    expect(ran).toBe(false)
    expect(warn.mock.calls.flat().join('\n')).toContain('a generator was awaited')
    warn.mockRestore()
  })

  test('two tasks of two awaits each have twenty schedules', async () => {
    const { step } = await vite.evaluate<{ step: () => Promise<void> }>('steps.js', 'export async function step() { await 1; await 2 }')
    // Each goes on three times, from its start and from its awaits: 6! / (3! 3!).
    const report = await check(async () => void (await gather([() => step(), () => step()])), { strategy: 'exhaustive', bail: false })
    expect(report).toMatchObject({ schedules: 20, exhausted: true, failures: 0 })
  })

  test('timers may come first: an await takes as long as it likes', async () => {
    const code = `export async function scenario() {
  let late = false
  setTimeout(() => { late = true }, 1000)
  const quick = async () => {}
  await quick()
  if (late) throw new Error('a second has passed')
}`
    const { scenario } = await vite.evaluate<{ scenario: () => Promise<void> }>('late.js', code)
    expect((await check(scenario)).failure?.kind).toBe('error')
    expect(await check(scenario, { permute: 'io' })).toMatchObject({ failures: 0 })
  })
})

describe('cancellation', () => {
  async function cancelled(body: () => Promise<unknown>): Promise<string[]> {
    const seen: string[] = []
    const report = await check(
      async () => {
        const task: Task<unknown> = createTask(async () => {
          try {
            return await body()
          } catch (error) {
            seen.push(error instanceof CancelledError ? `cancelled: ${error.message}` : String(error))
            throw error
          }
        })
        await sleep(1)
        task.cancel('enough')
        await gather([task], { returnExceptions: true })
        seen.push(String(task.cancelled()))
      },
      { strategy: 'fifo', schedules: 1 },
    )
    expect(String(report.failure ?? '')).toBe('')
    return seen
  }

  test('reaches an await whose promise is never kept', async () => {
    const wait = await awaiting()
    expect(await cancelled(() => wait(new Promise(() => {})))).toEqual(['cancelled: enough', 'true'])
  })

  test('reaches an await that waits for its turn', async () => {
    const wait = await awaiting()
    const seen: string[] = []
    const report = await check(async () => {
      const task = createTask(async () => {
        try {
          await wait(1)
          seen.push('went on')
        } catch (error) {
          seen.push((error as Error).name)
        }
      })
      await sleep(0)
      task.cancel()
      await gather([task], { returnExceptions: true })
    }, { strategy: 'exhaustive', bail: false })
    expect(report).toMatchObject({ exhausted: true, failures: 0 })
    expect(new Set(seen)).toEqual(new Set(['went on', 'CancelledError']))
  })

  test('goes to the innermost await, once, and up from there', async () => {
    const code = `export const log = []
export async function outer() { try { return await middle() } catch (error) { log.push('outer ' + error.name); throw error } finally { await null; log.push('outer done') } }
async function middle() { try { return await inner() } finally { log.push('middle done') } }
async function inner() { await 0; try { await new Promise(() => {}) } catch (error) { log.push('inner ' + error.name); throw error } finally { await 1; log.push('inner done') } }`
    const { outer, log } = await vite.evaluate<{ outer: () => Promise<void>; log: string[] }>('nested.js', code)
    expect(await cancelled(outer)).toEqual(['cancelled: enough', 'true'])
    expect(log).toEqual(['inner CancelledError', 'inner done', 'middle done', 'outer CancelledError', 'outer done'])
  })

  test('may be caught by the innermost, and then the others never hear of it', async () => {
    const code = `export const log = []
export async function outer() { try { return await inner() } catch { log.push('outer') } }
async function inner() { try { await new Promise(() => {}) } catch { log.push('inner'); await 1; return 'caught' } }`
    const { outer, log } = await vite.evaluate<{ outer: () => Promise<void>; log: string[] }>('caught.js', code)
    expect(await cancelled(outer)).toEqual(['false'])
    expect(log).toEqual(['inner'])
  })

  test('a sweep of cancellations meets each await, those in finally too', async () => {
    const code = `export async function work(log) {
  try { await 1; log.push('one'); await 2; log.push('two') } finally { await 3; log.push('done') }
}`
    const { work } = await vite.evaluate<{ work: (log: string[]) => Promise<void> }>('swept.js', code)
    const logs = new Set<string>()
    const report = await check(
      async () => {
        const log: string[] = []
        const task = createTask(() => work(log), { name: 'worker' })
        await gather([task], { returnExceptions: true })
        logs.add(log.join(' '))
      },
      { cancel: ['worker'], strategy: 'exhaustive', bail: false },
    )
    expect(report).toMatchObject({ exhausted: true, failures: 0 })
    // Nowhere; at the first await; at the second; at the one in finally.
    expect(logs).toEqual(new Set(['one two done', 'done', 'one done', 'one two']))
  })

  test('time limits end it', async () => {
    const wait = await awaiting()
    const body = async () => {
      const limited = [waitFor(wait(new Promise(() => {})), 1), timeout(1, () => wait(new Promise(() => {})))]
      for (const t of limited) await expect(t).rejects.toThrow(expect.objectContaining({ name: 'TimeoutError' }))
    }
    const report = await check(body, { strategy: 'fifo', schedules: 1, leaks: 'ignore' })
    expect(String(report.failure ?? '')).toBe('')
  })
})

describe('verdicts', () => {
  test('a deadlock names the lines', async () => {
    const code = `export async function scenario() {
  let open
  const gate = new Promise((resolve) => { open = resolve })
  const first = async () => {
    await second()
    open()
  }
  const second = async () => {
    await gate
  }
  await first()
}`
    const { scenario } = await vite.evaluate<{ scenario: () => Promise<void> }>('gate.js', code)
    const { failure } = await check(scenario)
    expect(failure?.kind).toBe('deadlock')
    for (const line of ['gate.js:9 second', 'gate.js:5 first', 'gate.js:11 scenario']) {
      expect(String(failure)).toContain(`Task-1 waits for ${line}`)
    }
  })

  test('a failure replays from its token, in this process and in one that transforms again', async () => {
    const bank = async (from: Loaded) => {
      const { Account } = await from.load<typeof import('../../../fixtures/plugin/bank.ts')>('bank.ts')
      return async () => {
        const account = new Account()
        await Promise.all([account.deposit(1), account.deposit(2)])
        if (account.balance !== 3) throw new Error(`lost update: ${account.balance}`)
      }
    }
    const { failure } = await check(await bank(vite))
    const again = await withPlugin()
    try {
      const replayed = await replay(await bank(again), failure?.token ?? '')
      expect(replayed.failure?.trace).toEqual(failure?.trace)
    } finally {
      await again.close()
    }
  })
})
