import { EventEmitter } from 'node:events'
import { mkdtempSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import {
  abortAnywhere,
  check,
  createTask,
  type ExploreOptions,
  type Failure,
  LeftoverError,
  pause,
  replay,
  type ScenarioBody,
  wait,
} from '../../src/index.ts'
import { every } from '../support/count.ts'
import { deferred, WORKER, worker } from './workers.ts'

/** The failure that default options find, once it is known to be of this kind and to replay. */
async function leftBehind(body: ScenarioBody, options: ExploreOptions = WORKER): Promise<Failure> {
  const { failure } = await check(body, { name: 'remains', ...options })
  if (failure === undefined) throw new Error('nothing was found')
  expect(failure.kind).toBe('leak')
  expect(failure.error).toBeInstanceOf(LeftoverError)
  for (const token of [failure.token, failure.firstToken]) {
    const again = (await replay(body, token)).failure
    expect([again?.kind, String(again?.error)]).toEqual(['leak', String(failure.error)])
  }
  return failure
}

describe('what only a cancellation leaves behind is found, minimised to it, and replays', () => {
  test('an await of a promise that the cancelled task would have settled', async () => {
    const body = async (): Promise<void> => {
      const gate = deferred()
      void (async () => {
        await gate.promise
      })()
      await wait([
        worker(async () => {
          await pause('work')
          gate.resolve()
        }),
      ])
    }
    const failure = await leftBehind(body)
    expect(String(failure.error)).toMatch(/left behind: an await that never goes on, at .*remains\.spec\.ts:\d+:\d+/)
    expect(failure.switches).toBe(0)
  })

  test.each([true, false])('of functions that wait for each other the innermost await is named (by hand: %s)', async (byHand) => {
    const failure = await leftBehind(async () => {
      const gate = deferred()
      const inner = async (): Promise<void> => {
        if (byHand) await gate.promise
        else return gate.promise.then(() => {})
      }
      const outer = async (): Promise<void> => {
        await inner()
      }
      void outer()
      await wait([
        worker(async () => {
          await pause('work')
          gate.resolve()
        }),
      ])
    })
    expect(String(failure.error).match(/at (inner|outer) /g)).toEqual([byHand ? 'at inner ' : 'at outer '])
  })

  test('a listener on a signal that others use', async () => {
    const failure = await leftBehind(async () => {
      const { signal } = new AbortController()
      await wait([
        worker(async () => {
          const stop = (): void => {}
          signal.addEventListener('abort', stop)
          await pause('work')
          signal.removeEventListener('abort', stop)
        }),
      ])
    })
    expect(String(failure.error)).toMatch(/left behind: a listener for 'abort', added at .*remains\.spec\.ts/)
  })

  test('a listener on an event target that others use, among orders', async () => {
    const failure = await leftBehind(async () => {
      const bus = new EventTarget()
      const other = async (): Promise<void> => {
        await pause('other')
        bus.dispatchEvent(new Event('message'))
      }
      await wait([
        createTask(other),
        worker(async () => {
          const heard = (): void => {}
          await pause('before')
          bus.addEventListener('message', heard)
          await pause('between')
          bus.removeEventListener('message', heard)
          await pause('after')
        }),
      ])
    })
    expect(String(failure.error)).toContain("a listener for 'message'")
  })

  test('a listener on an emitter that others use', async () => {
    const failure = await leftBehind(async () => {
      const bus = new EventEmitter()
      const heard = (): void => {}
      await wait([
        createTask(async () => void bus.emit('tick')),
        worker(async () => {
          bus.once('tick', heard)
          await pause('work')
          bus.off('tick', heard)
        }),
      ])
    })
    expect(String(failure.error)).toContain("a listener for 'tick'")
  })

  test('an await that an abort leaves alone', async () => {
    await leftBehind(async () => {
      const { signal } = abortAnywhere(new AbortController())
      const done = deferred()
      void (async () => {
        await done.promise
      })()
      for (let i = 0; i < 2; i++) {
        await pause('chunk')
        if (signal.aborted) return
      }
      done.resolve()
    }, {})
  })

  test('it is kept, and runs first next time', async () => {
    const body = (mended: boolean) => async (): Promise<void> => {
      const gate = deferred()
      void (async () => {
        await gate.promise
      })()
      await wait([
        worker(async () => {
          try {
            await pause('work')
          } finally {
            if (mended) gate.resolve()
          }
          gate.resolve()
        }),
      ])
    }
    const options: ExploreOptions = { ...WORKER, corpus: mkdtempSync(join(tmpdir(), 'heddle-remains-')) }
    await leftBehind(body(false), options)
    const again = await check(body(false), { name: 'remains', ...options, strategy: 'random' })
    expect([again.failure?.kind, again.schedules, again.corpus?.failed]).toEqual(['leak', 1, 1])
    const passes = await check(body(true), { name: 'remains', ...options })
    expect([passes.failures, passes.exhausted, passes.corpus?.dropped]).toEqual([0, true, 1])
  })
})

test('looking costs no run where few places are new, takes nothing with it, and lets nothing go on that nobody waits for', async () => {
  let runs = 0
  let late = 0
  const { addEventListener } = EventTarget.prototype
  const { get } = Object.getOwnPropertyDescriptor(AbortController.prototype, 'signal') as PropertyDescriptor
  const report = await every(async () => {
    runs++
    const job = async (): Promise<void> => {
      await pause()
      await pause()
    }
    await wait([createTask(job), createTask(job, { name: 'worker' })])
    setTimeout(() => late++, 1000)
  }, { ...WORKER, permute: 'io' })
  const { places } = report.dimensions.cancellations
  expect(places).toBeGreaterThan(1)
  // One passing schedule in a hundred is run twice.
  expect(runs).toBe(report.schedules + Math.floor(report.schedules / 100))
  expect(late).toBe(0)
  expect(EventTarget.prototype.addEventListener).toBe(addEventListener)
  expect(EventEmitter.prototype.on).toBe(EventEmitter.prototype.addListener)
  expect(Object.getOwnPropertyDescriptor(AbortController.prototype, 'signal')?.get).toBe(get)
})

test('where schedules are many, those with a new place are run once more, and the others are not', async () => {
  let runs = 0
  const report = await every(async () => {
    runs++
    const job = async (): Promise<void> => {
      await pause()
      await pause()
    }
    await wait([createTask(job), createTask(job), createTask(job, { name: 'worker' })])
  }, WORKER)
  const { places } = report.dimensions.cancellations
  expect(report.schedules).toBeGreaterThan(2000)
  expect(runs).toBeLessThanOrEqual(report.schedules + places + Math.floor(report.schedules / 100))
})
