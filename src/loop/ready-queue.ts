import { CountedSlots } from './counted-slots.ts'
import type { Runnable } from './runnable.ts'

/** Up to this length taking from the middle moves the elements; above it holes are left between them. */
const SHORT = 192

/**
 * The ready set, in queue order, so that index 0 is what FIFO would run; the elements' ids ascend. Taking the k-th of n
 * moves some of them in a short queue, and is O(log n) in a long one.
 */
export class ReadyQueue {
  /** Most runs are short: an empty array would make room for seventeen at its first element. */
  #slots: (Runnable | undefined)[] = [undefined, undefined, undefined, undefined, undefined, undefined]
  #head = 0
  /** One past the last element. */
  #tail = 0
  #length = 0
  /** Where the elements are; null while no slot inside the queue is a hole. */
  #index: CountedSlots | null = null

  get length(): number {
    return this.#length
  }

  push(r: Runnable): void {
    let index = this.#index
    // Full of holes or of elements: either way there is room for as many again afterwards.
    if (index !== null && this.#tail === index.capacity) index = this.#leaveHoles()
    index?.add(this.#tail)
    this.#slots[this.#tail++] = r
    this.#length++
  }

  shift(): Runnable {
    if (this.#index !== null) return this.#takeByIndex(this.#index, 0)
    const slots = this.#slots
    const r = slots[this.#head]
    if (r === undefined) throw new RangeError('the ready queue is empty')
    slots[this.#head++] = undefined
    if (--this.#length === 0) {
      // Its slots are empty already, and stay for the next use.
      this.#head = 0
      this.#tail = 0
    } else if (this.#head > 1024 && this.#head * 2 > this.#tail) this.#compact()
    return r
  }

  at(k: number): Runnable {
    const r = this.#slots[this.#index === null || k === 0 ? this.#head + k : this.#index.select(k)]
    if (r === undefined || k >= this.#length) throw new RangeError(`no element ${k} in a ready queue of ${this.#length}`)
    return r
  }

  takeAt(k: number): Runnable {
    if (this.#index !== null) return this.#takeByIndex(this.#index, k)
    if (k === 0) return this.shift()
    return this.#length <= SHORT ? this.#takeByMoving(k) : this.#takeByIndex(this.#leaveHoles(), k)
  }

  /** How many elements come before `r`, by the numbers that they were queued with. */
  rankOf(r: Runnable): number {
    let low = 0
    let high = this.#length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.at(middle).id < r.id) low = middle + 1
      else high = middle
    }
    return low
  }

  /** Takes an element out, and gives the place that it had; -1 if it is not there. */
  remove(r: Runnable): number {
    const k = this.rankOf(r)
    if (k === this.#length || this.at(k) !== r) return -1
    this.takeAt(k)
    return k
  }

  clear(): void {
    this.#slots = []
    this.#head = 0
    this.#tail = 0
    this.#length = 0
    this.#index = null
  }

  #takeByIndex(index: CountedSlots, k: number): Runnable {
    const slots = this.#slots
    const slot = index.take(k)
    const r = slots[slot]
    if (r === undefined) throw new RangeError(`no element ${k} in a ready queue of ${this.#length}`)
    slots[slot] = undefined
    if (--this.#length < SHORT / 2) this.#compact()
    else if (k === 0) while (slots[this.#head] === undefined) this.#head++
    return r
  }

  #takeByMoving(k: number): Runnable {
    const slots = this.#slots
    const head = this.#head
    const at = head + k
    const r = slots[at]
    if (r === undefined) throw new RangeError(`no element ${k} in a ready queue of ${this.#length}`)
    if (k * 2 < this.#length) {
      for (let i = at; i > head; i--) slots[i] = slots[i - 1]
      slots[head] = undefined
      this.#head = head + 1
    } else {
      const last = --this.#tail
      for (let i = at; i < last; i++) slots[i] = slots[i + 1]
      slots[last] = undefined
    }
    this.#length--
    return r
  }

  #compact(): void {
    this.#slots = this.#slots.filter((r) => r !== undefined)
    this.#head = 0
    this.#tail = this.#slots.length
    this.#index = null
  }

  #leaveHoles(): CountedSlots {
    this.#compact()
    return (this.#index = new CountedSlots(this.#length))
  }
}
