import { noteReplacement } from './dispatch.ts'
import type { Patches } from './patches.ts'
import type { TimerFunctions } from './timers.ts'

interface TimerOptions {
  readonly signal?: AbortSignal
}

/** The functions of `node:timers/promises`, on the replaced timers. */
export interface PromisedTimers {
  setTimeout(ms?: number, value?: unknown, options?: TimerOptions): Promise<unknown>
  setImmediate(value?: unknown, options?: TimerOptions): Promise<unknown>
  setInterval(ms?: number, value?: unknown, options?: TimerOptions): AsyncGenerator<unknown, void, unknown>
  readonly scheduler: { wait(ms: number, options?: TimerOptions): Promise<unknown>; yield(): Promise<unknown> }
}

function abortError(signal: AbortSignal): Error {
  const error = new Error('The operation was aborted', { cause: signal.reason })
  error.name = 'AbortError'
  return Object.assign(error, { code: 'ABORT_ERR' })
}

/** A promise that a timer resolves, unless the signal comes first. */
function waiting(
  value: unknown,
  options: TimerOptions | undefined,
  arm: (done: () => void) => unknown,
  clear: (handle: unknown) => unknown,
): Promise<unknown> {
  const signal = options?.signal
  if (signal?.aborted) return Promise.reject(abortError(signal))
  return new Promise((resolve, reject) => {
    const handle = arm(() => {
      signal?.removeEventListener('abort', abort)
      resolve(value)
    })
    const abort = (): void => {
      clear(handle)
      reject(abortError(signal as AbortSignal))
    }
    signal?.addEventListener('abort', abort, { once: true })
  })
}

export function promisedTimers(t: TimerFunctions): PromisedTimers {
  const wait = (ms?: number, value?: unknown, options?: TimerOptions): Promise<unknown> =>
    waiting(value, options, (done) => t.setTimeout(done, ms), t.clearTimeout)
  const immediate = (value?: unknown, options?: TimerOptions): Promise<unknown> =>
    waiting(value, options, (done) => t.setImmediate(done), t.clearImmediate)
  return {
    setTimeout: wait,
    setImmediate: immediate,
    async *setInterval(ms, value, options) {
      const signal = options?.signal
      if (signal?.aborted) throw abortError(signal)
      let due = 0
      let wake = (): void => {}
      const handle = t.setInterval(() => {
        due++
        wake()
      }, ms)
      const abort = (): void => wake()
      signal?.addEventListener('abort', abort, { once: true })
      try {
        for (;;) {
          if (due === 0 && !signal?.aborted) await new Promise<void>((resolve) => (wake = resolve))
          if (signal?.aborted) throw abortError(signal)
          for (; due > 0; due--) yield value
        }
      } finally {
        t.clearInterval(handle)
        signal?.removeEventListener('abort', abort)
      }
    },
    scheduler: { wait: (ms, options) => wait(ms, undefined, options), yield: () => immediate() },
  }
}

/** Puts them in the place of the host's. */
export function patchPromisedTimers(
  patches: Patches,
  promised: PromisedTimers,
  module: Record<string, unknown> | undefined,
): void {
  noteReplacement(promised.setTimeout)
  noteReplacement(promised.setInterval)
  patches.replace(module, 'setTimeout', promised.setTimeout)
  patches.replace(module, 'setImmediate', promised.setImmediate)
  patches.replace(module, 'setInterval', promised.setInterval)
  const scheduler = module?.['scheduler']
  if (typeof scheduler !== 'object' || scheduler === null) return
  // The object itself is what a program may have imported.
  patches.replace(scheduler, 'wait', promised.scheduler.wait)
  patches.replace(scheduler, 'yield', promised.scheduler.yield)
}
