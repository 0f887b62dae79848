import { describe, expect, test } from 'vitest'
import { createTask, DeadlockError, Event, Future, gather, Lock, Semaphore, shared, timeout } from '../../src/index.ts'
import { roundtrip, roundtripSync } from '../support/roundtrip.ts'

describe('a deadlock is exact', () => {
  test('and says who waits for what', async () => {
    const body = function* () {
      const never = new Future()
      const cell = shared(0, 'credit')
      createTask(function* () {
        yield* never
      }, { name: 'waiter' })
      createTask(function* () {
        yield* cell.update((n) => n - 1, { when: (n) => n > 0 })
      }, { name: 'taker' })
      yield* gather([never])
    }
    const { failure } = await roundtripSync(body)
    expect(failure.kind).toBe('deadlock')
    expect(failure.error).toBeInstanceOf(DeadlockError)
    expect((failure.error as Error).message).toMatch(/Task-1 waits for gather/)
    expect((failure.error as Error).message).toMatch(/waiter waits for a future/)
    expect((failure.error as Error).message).toMatch(/taker waits for write credit/)
  })

  test('in a native body too', async () => {
    const { failure } = await roundtrip(async () => {
      await new Future()
    })
    expect(failure.kind).toBe('deadlock')
    expect((failure.error as Error).message).toMatch(/Task-1 waits for a future/)
  })

  test('a promise that nobody will settle is named as such', async () => {
    const { failure } = await roundtrip(async () => {
      await new Promise(() => {})
    })
    expect(failure.kind).toBe('deadlock')
    expect((failure.error as Error).message).toMatch(/Task-1 waits for a promise/)
  })

  test('what a body waits for is named, and not that somebody waits for the body', async () => {
    const stuck = async (body: () => Promise<unknown>): Promise<string> => {
      const { failure } = await roundtrip(() => new Lock({ name: 'door' }).with(body))
      return (failure.error as Error).message.split('\n').slice(1).join()
    }
    expect(await stuck(async () => { await new Event({ name: 'go' }).wait() })).toBe("  Task-1 waits for Event 'go'")
    expect(await stuck(() => new Promise(() => {}))).toBe('  Task-1 waits for a native promise')
    expect(await stuck(() => Promise.all([new Event().wait(), new Semaphore(0).acquire()]))).toBe('  Task-1 waits for an Event and a Semaphore')
  })

  test('whose time has run out is said, with what it waited for then', async () => {
    const { failure } = await roundtripSync(function* () {
      const slow = function* () {
        yield* timeout(1, () => new Event({ name: 'go' }).wait())
      }
      yield* createTask(slow, { name: 'slow' })
    })
    expect(failure.file.timeouts).toMatchObject([{ task: 'slow', time: 1, waitsFor: "Event 'go'" }])
  })

  test('found where only some orders have it', async () => {
    const { report } = await roundtripSync(function* () {
      const a = shared(1, 'a')
      const b = shared(1, 'b')
      const take = (x: typeof a) => x.update((n) => n - 1, { when: (n) => n > 0 })
      const give = (x: typeof a) => x.update((n) => n + 1)
      const both = function* (x: typeof a, y: typeof a) {
        yield* take(x)
        yield* take(y)
        yield* give(y)
        yield* give(x)
      }
      yield* gather([both(a, b), both(b, a)])
    }, { strategy: 'exhaustive', bail: false })
    expect(report.exhausted).toBe(true)
    expect(report.failures).toBeGreaterThan(0)
    expect(report.failures).toBeLessThan(report.schedules)
    expect(report.failure?.kind).toBe('deadlock')
  })
})
