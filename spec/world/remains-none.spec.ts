import { EventEmitter } from 'node:events'
import { describe, expect, test } from 'vitest'
import { createTask, pause, type ScenarioBody, wait } from '../../src/index.ts'
import { every } from '../support/count.ts'
import { deferred, WORKER, worker } from './workers.ts'

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
