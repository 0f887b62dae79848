import { createHook } from 'node:async_hooks'
import { IN_NO_FILE, stackOf } from '../../../world/stacks.ts'

const VITEST = /[\\/]node_modules[\\/](?:vitest|@vitest)[\\/]/
/** Frames of the library only pass calls on. */
const OWN = new URL('../../..', import.meta.url).pathname

/** Frames of the host's hooks lie above, whose number is up to its version. */
const DEPTH = 30

/** Timers that a hook has armed for real and that are still running, by the line that did. */
export class LeftTimers {
  readonly #running = new Map<number, string>()
  readonly #hook = createHook({
    init: (id, type) => {
      if (type !== 'Timeout') return
      const place = placeIn(stackOf(DEPTH).words)
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

function placeIn(stack: string): string | null {
  const frame = stack.split('\n').slice(1).find((line) => !line.includes('node:') && !IN_NO_FILE.test(line) && !line.includes(OWN))
  if (frame === undefined || VITEST.test(frame)) return null
  return /\(?([^()\s]+:\d+:\d+)\)?$/.exec(frame)?.[1] ?? null
}
