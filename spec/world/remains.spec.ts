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
  type Task,
  wait,
} from '../../src/index.ts'
import { every } from '../support/count.ts'

const WORKER: ExploreOptions = { cancel: 'worker' }

/** A task that may be cancelled. */
function worker(body: () => Promise<void>): Task<void> {
  return createTask(body, { name: 'worker' })
}

/** A promise, and who settles it. */
function deferred(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => {}
  const promise = new Promise<void>((r) => (resolve = r))
  return { promise, resolve }
}

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

describe('what is no fault of the cancellation is none', () => {
  const sound: Record<string, ScenarioBody> = {
    async 'a task that settles what it has promised in a finally'() {
      const gate = deferred()
      void (async () => {
        await gate.promise
      })()
      const job = worker(async () => {
        try {
          await pause('work')
        } finally {
          gate.resolve()
        }
      })
      await wait([job])
    },

    async 'a promise that lives on by design, and is awaited'() {
      const closed = new Promise(() => {})
      void (async () => {
        await closed
      })()
      await wait([worker(async () => pause('work'))])
    },

    async 'a server that waits for its next request for ever'() {
      const requests: string[] = []
      let wake = (): void => {}
      void (async () => {
        for (;;) {
          while (requests.length > 0) requests.shift()
          await new Promise<void>((resolve) => (wake = resolve))
        }
      })()
      await wait([
        worker(async () => {
          requests.push('first')
          wake()
          await pause('answer')
          requests.push('second')
          wake()
        }),
      ])
    },

    async 'the loser of a race'() {
      const never = new Promise<void>(() => {})
      await wait([
        worker(async () => {
          try {
            await pause('work')
          } catch (error) {
            await Promise.race([never, Promise.resolve()])
            void never.then(() => {})
            throw error
          }
        }),
      ])
    },

    async 'work in the background that comes to its end later'() {
      const later = async (ms: number): Promise<void> => {
        await new Promise((resolve) => setTimeout(resolve, ms))
        await new Promise((resolve) => setImmediate(resolve))
      }
      void later(1000)
      await wait([
        worker(async () => {
          void later(3_600_000)
          await pause('work')
          void later(5000)
        }),
      ])
    },

    async 'an interval that may still settle it'() {
      let beats = 0
      const beat = deferred()
      setInterval(() => {
        if (++beats === 3) beat.resolve()
      }, 1000)
      void (async () => {
        await beat.promise
      })()
      await wait([
        worker(async () => {
          await pause('work')
          beat.resolve()
        }),
      ])
    },

    async 'a listener on a signal of its own'() {
      await wait([
        worker(async () => {
          const { signal } = new AbortController()
          const stop = (): void => {}
          signal.addEventListener('abort', stop)
          await pause('work')
          signal.removeEventListener('abort', stop)
        }),
      ])
    },

    async 'a listener that stays without a cancellation too'() {
      const bus = new EventTarget()
      bus.dispatchEvent(new Event('ready'))
      await wait([
        worker(async () => {
          bus.addEventListener('ready', () => {})
          await pause('work')
        }),
      ])
    },

    async 'a listener that is removed in a finally, one of a signal that is aborted, and one that was called once'() {
      const controller = new AbortController()
      const { signal } = controller
      const bus = new EventTarget()
      bus.dispatchEvent(new Event('ready'))
      await wait([
        worker(async () => {
          const heard = (): void => {}
          bus.addEventListener('ready', heard)
          bus.addEventListener('ready', () => {}, { once: true })
          signal.addEventListener('abort', () => {})
          try {
            await pause('work')
            controller.abort()
          } finally {
            bus.removeEventListener('ready', heard)
          }
        }),
      ])
      bus.dispatchEvent(new Event('ready'))
      controller.abort()
    },

    async 'listeners on an emitter: of its own, removed in a finally, called once'() {
      const bus = new EventEmitter()
      await wait([
        worker(async () => {
          const [heard, once] = [(): void => {}, (): void => {}]
          new EventEmitter().on('ready', heard)
          bus.on('ready', heard).once('ready', once)
          try {
            await pause('work')
          } finally {
            bus.removeListener('ready', heard)
          }
        }),
      ])
      bus.emit('ready')
    },

    async 'what an order leaves, and no cancellation'() {
      const gate = deferred()
      let first = ''
      const arrive = (name: string) => async (): Promise<void> => {
        await pause(name)
        first ||= name
      }
      const job = worker(async () => pause('work'))
      await wait([createTask(arrive('a')), createTask(arrive('b')), job])
      if (first === 'b') {
        void (async () => {
          await gate.promise
        })()
      }
    },
  }

  test.each(Object.entries(sound))('%s', async (_, body) => {
    const report = await every(body, WORKER)
    expect(report.failure).toBeUndefined()
    expect(report.dimensions.cancellations.tried).toBeGreaterThan(0)
  })

  test('a main task that is cancelled ends the run, whoever waits for it', async () => {
    const report = await every(async () => {
      const gate = deferred()
      const other = (async () => {
        await gate.promise
      })()
      await pause()
      gate.resolve()
      await other
    }, { cancel: true })
    expect(report.failure).toBeUndefined()
  })

  test('nor is what goes on beside the exploration', async () => {
    let cancelled = false
    const over = new AbortController()
    let awaits = 0
    const beside = async (): Promise<void> => {
      while (!over.signal.aborted) {
        await new Promise((resolve) => setImmediate(resolve))
        if (!cancelled) continue
        cancelled = false
        void (async () => {
          awaits++
          await new Promise(() => {})
        })()
      }
    }
    const running = beside()
    const report = await every(async () => {
      await wait([
        worker(async () => {
          try {
            await pause('work')
          } catch (error) {
            cancelled = true
            for (let i = 0; i < 200; i++) await pause('clean up')
            throw error
          }
        }),
      ])
    }, WORKER)
    over.abort()
    await running
    expect(awaits).toBeGreaterThan(0)
    expect(report.failure).toBeUndefined()
  })

  test("with leaks: 'ignore' nobody looks", async () => {
    const report = await every(async () => {
      const gate = deferred()
      void (async () => {
        await gate.promise
      })()
      const job = worker(async () => {
        await pause('work')
        gate.resolve()
      })
      await wait([job])
    }, { ...WORKER, leaks: 'ignore' })
    expect(report.failures).toBe(0)
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
