import { CancelledError, type EventLoop, getRunningLoop, sleep } from '../../src/index.ts'
import { BaseExceptionGroup } from '../../src/index.ts'
import { inWords, on, type Script, type World } from './both.ts'

/** The loop that is running. */
export function loop(): EventLoop {
  return getRunningLoop()
}

/** Sleeps, and logs how that ended. */
export function sleeper<T = undefined>(w: World, name: string, delay: number, result?: T): () => Script<T | undefined> {
  return function* () {
    try {
      yield* on(sleep(delay))
    } catch (error) {
      if (error instanceof CancelledError) w.at(name, inWords(error))
      throw error
    }
    w.at(name, 'woke')
    return result
  }
}

/** An exception with the members of a group, in order. */
export function deep(error: unknown): string {
  if (error instanceof BaseExceptionGroup) return `${error.name}[${error.errors.map(deep).join(',')}]`
  return inWords(error)
}

/** Throws, as an expression. */
export function raise(error: unknown): never {
  throw error
}
