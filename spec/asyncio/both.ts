import { expect, test } from 'vitest'
import { type Awaitable, type Coroutine, createTask, gather, getRunningLoop, run, runSync, sleep, type Task } from '../../src/index.ts'
import { driveAsync, driveSync, type Script } from '../support/script.ts'

export { on, type Script } from '../support/script.ts'

export type Front = 'generators' | 'async'

export const FRONTS: readonly Front[] = ['generators', 'async']

/** How a spec writes an exception: its name, and its message where it has one. */
export function inWords(error: unknown): string {
  if (!(error instanceof Error)) return `thrown ${String(error)}`
  return error.message === '' ? error.name : `${error.name}:${error.message}`
}

/** What a scenario is given: the log that it is judged by, and tasks of its own front end. */
export class World {
  readonly log: unknown[] = []
  readonly #front: Front

  constructor(front: Front) {
    this.#front = front
  }

  /** The iteration under way. */
  get tick(): number {
    return getRunningLoop().tick
  }

  /** Logs the iteration and what happened in it. */
  at(...what: unknown[]): void {
    this.log.push([this.tick, ...what])
  }

  /** A function for `lock.with` and the like. */
  body<A extends unknown[], T>(script: (...args: A) => Script<T>): (...args: A) => Coroutine<T> | Promise<T> {
    return (...args) => (this.#front === 'async' ? driveAsync(script(...args)) : driveSync(script(...args)))
  }

  task<T>(script: () => Script<T>, name?: string): Task<T> {
    const body = this.body(script)
    return createTask<T>(() => body(), name === undefined ? {} : { name })
  }

  /** What a wait comes to: its result, or its exception in words. */
  *outcome(awaitable: Awaitable<unknown>): Script<unknown> {
    try {
      return yield awaitable
    } catch (error) {
      return inWords(error)
    }
  }

  /** What a call comes to: its result, or its exception in words. */
  attempt(call: () => unknown): unknown {
    try {
      return call()
    } catch (error) {
      return inWords(error)
    }
  }

  /** Lets every task that is ready run once. */
  turn(): Awaitable<void> {
    return sleep(0)
  }

  /** Waits for tasks, however they end. */
  all(tasks: readonly Task<unknown>[]): Awaitable<unknown> {
    return gather(tasks, { returnExceptions: true })
  }
}

/** Runs a scenario under one front end; gives the log, with the exception that it ended with. */
export async function play(front: Front, scenario: (w: World) => Script): Promise<unknown[]> {
  const w = new World(front)
  try {
    if (front === 'async') await run(() => driveAsync(scenario(w)))
    else runSync(driveSync(scenario(w)))
  } catch (error) {
    w.log.push(inWords(error))
  }
  return w.log
}

/** A test of a scenario under both front ends: `log` is what CPython 3.13 shows. */
export function both(title: string, log: readonly unknown[], scenario: (w: World) => Script): void {
  for (const front of FRONTS) {
    test(`${title} (${front})`, async () => {
      expect(await play(front, scenario)).toEqual(log)
    })
  }
}
