/**
 * A semaphore of one's own hands its permit to the first who waits. If that one is cancelled after it was given the permit
 * and before it goes on, nobody gives it back. Whoever is cancelled must look whether it had been given something.
 */
import { CancelledError, createTask, type ExploreOptions, Future, pause, wait } from 'heddle'

class Permits {
  free = 1
  readonly #waiting: Future<void>[] = []
  readonly #careful: boolean

  constructor(careful: boolean) {
    this.#careful = careful
  }

  async acquire(): Promise<void> {
    if (this.free > 0) {
      this.free--
      return
    }
    const turn = new Future<void>()
    this.#waiting.push(turn)
    try {
      await turn
    } catch (error) {
      if (this.#careful && error instanceof CancelledError && !turn.cancelled()) this.release()
      throw error
    }
  }

  release(): void {
    const next = this.#waiting.find((turn) => !turn.done())
    if (next === undefined) this.free++
    else next.setResult()
  }
}

function twoUsers(careful: boolean) {
  return async () => {
    const permits = new Permits(careful)
    const use = async (): Promise<void> => {
      await permits.acquire()
      try {
        await pause('work')
      } finally {
        permits.release()
      }
    }
    await wait([createTask(() => use(), { name: 'first' }), createTask(() => use(), { name: 'second' })])
    if (permits.free !== 1) throw new Error('the permit is lost')
  }
}

export const options: ExploreOptions = { cancel: 'second' }

export const scenarios = { buggy: twoUsers(false), repaired: twoUsers(true) }
