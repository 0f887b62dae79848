import { createHook } from 'node:async_hooks'
import { armingLine } from './arming-line.ts'

/** Timers that a hook has armed for real and that are still running, by the line that did. */
export class LeftTimers {
  readonly #running = new Map<number, string>()
  readonly #hook = createHook({
    init: (id, type) => {
      if (type !== 'Timeout') return
      const place = armingPlace()
      if (place !== null) this.#running.set(id, place)
    },
    destroy: (id) => void this.#running.delete(id),
  })

  /** Notes what `hook` arms. Its end is noted for ever. */
  async during<T>(hook: () => Promise<T>): Promise<T> {
    this.#hook.enable()
    try {
      return await hook()
    } finally {
      this.#noMore()
    }
  }

  /** From now on only ends count. */
  #noMore(): void {
    this.#hook.disable()
    this.#ends.enable()
  }

  readonly #ends = createHook({ destroy: (id) => void this.#running.delete(id) })

  /** Where one of them was armed, null if none runs. */
  get place(): string | null {
    return this.#running.values().next().value ?? null
  }

  end(): void {
    this.#hook.disable()
    this.#ends.disable()
    this.#running.clear()
  }
}

function armingPlace(): string | null {
  const by = armingLine()
  if (by === undefined || by.isOfVitest) return null
  return /\(?([^()\s]+:\d+:\d+)\)?$/.exec(by.line)?.[1] ?? null
}
