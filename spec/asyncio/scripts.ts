import {
  BaseExceptionGroup,
  CancelledError,
  type Coroutine,
  type EventLoop,
  getRunningLoop,
  type Lock,
  type Queue,
  type Semaphore,
  sleep,
} from '../../src/index.ts'
import { inWords, on, type Script, type World } from './both.ts'

/** The loop that is running. */
export function loop(): EventLoop {
  return getRunningLoop()
}

/** Lets a loop that is not running run what is ready, for as many iterations. */
export function iterate(l: EventLoop, iterations = 1): void {
  for (let i = 0; i < iterations; i++) {
    l.stop()
    l.runForeverSync()
  }
}

/** A coroutine that ends at once. */
export function* nothing(): Coroutine<string> {
  return 'ok'
}

/** Takes something and notes that it has it; gives it back at once if told so. */
export function taking(w: World, name: unknown, what: Lock | Semaphore, andRelease = false): () => Script<boolean> {
  return function* () {
    const got = yield* on(what.acquire())
    w.log.push(name)
    if (andRelease) what.release()
    return got
  }
}

/** Gets from a queue, and logs what came of it. */
export function getter(w: World, q: Queue, name: string): () => Script<void> {
  return function* () {
    w.at(name, yield* w.outcome(q.get()))
  }
}

/** Puts into a queue, and logs what came of it. */
export function putter(w: World, q: Queue, item: unknown): () => Script<void> {
  return function* () {
    w.at(item, yield* w.outcome(q.put(item)))
  }
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
