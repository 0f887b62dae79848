import { ValueError } from './errors.ts'
import type { PrimitiveOptions } from './primitive.ts'
import { Semaphore } from './semaphore.ts'

/**
 * A semaphore that never has more permits than it began with (CPython, `locks.py:BoundedSemaphore`).
 *
 * @example
 * ```ts
 * const slots = new BoundedSemaphore(1)
 * slots.release() // throws ValueError: nobody has taken it
 * ```
 */
export class BoundedSemaphore extends Semaphore {
  readonly #bound: number

  /** @throws ValueError if `value` is negative */
  constructor(value = 1, options?: PrimitiveOptions) {
    super(value, options)
    this.#bound = value
  }

  /** Gives a permit back. @throws ValueError if all are there already */
  override release(): void {
    if (this.free >= this.#bound) throw new ValueError('BoundedSemaphore released too many times')
    super.release()
  }
}
