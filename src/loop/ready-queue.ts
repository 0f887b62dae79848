import { CountedSlots } from './counted-slots.ts'
import type { Runnable } from './runnable.ts'

/** Up to this length taking from the middle moves the elements; above it holes are left between them. */
const SHORT = 64

/**
 * The ready set, in queue order, so that index 0 is what FIFO would run; the elements' ids ascend. Taking the k-th of n
 * moves some of them in a short queue, and is O(log n) in a long one.
 */
export class ReadyQueue {
  /** Most runs are short: an empty array would make room for seventeen at its first element. */
  private _slots: (Runnable | undefined)[] = [undefined, undefined, undefined, undefined, undefined, undefined]
  private _head = 0
  /** One past the last element. */
  private _tail = 0
  private _length = 0
  /** Where the elements are; null while no slot inside the queue is a hole. */
  private _index: CountedSlots | null = null

  get length(): number {
    return this._length
  }

  push(r: Runnable): void {
    let index = this._index
    // Full of holes or of elements: either way there is room for as many again afterwards.
    if (index !== null && this._tail === index.capacity) index = this._leaveHoles(index)
    index?.add(this._tail)
    this._slots[this._tail++] = r
    this._length++
  }

  shift(): Runnable {
    if (this._index !== null) return this._takeByIndex(this._index, 0)
    const slots = this._slots
    const r = slots[this._head]
    if (r === undefined) throw new RangeError('the ready queue is empty')
    slots[this._head++] = undefined
    if (--this._length === 0) {
      // Its slots are empty already, and stay for the next use.
      this._head = 0
      this._tail = 0
    } else this._moveDown()
    return r
  }

  at(k: number): Runnable {
    const r = this._slots[this._index === null || k === 0 ? this._head + k : this._index.select(k)]
    if (r === undefined) throw new RangeError(`no element ${k} in a ready queue of ${this._length}`)
    return r
  }

  takeAt(k: number): Runnable {
    if (this._index !== null) return this._takeByIndex(this._index, k)
    if (k === 0) return this.shift()
    return this._length <= SHORT ? this._takeByMoving(k) : this._takeByIndex(this._leaveHoles(null), k)
  }

  /** How many elements come before `r`, by the numbers that they were queued with. */
  rankOf(r: Runnable): number {
    let low = 0
    let high = this._length
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
    if (k === this._length || this.at(k) !== r) return -1
    this.takeAt(k)
    return k
  }

  clear(): void {
    this._slots = []
    this._head = 0
    this._tail = 0
    this._length = 0
    this._index = null
  }

  private _takeByIndex(index: CountedSlots, k: number): Runnable {
    if (k >= this._length) throw new RangeError(`no element ${k} in a ready queue of ${this._length}`)
    const slots = this._slots
    const slot = index.take(k)
    const r = slots[slot] as Runnable
    slots[slot] = undefined
    if (--this._length < SHORT / 2) this._compact()
    else if (k === 0) while (slots[this._head] === undefined) this._head++
    return r
  }

  private _takeByMoving(k: number): Runnable {
    const slots = this._slots
    const head = this._head
    const at = head + k
    const r = slots[at]
    if (r === undefined) throw new RangeError(`no element ${k} in a ready queue of ${this._length}`)
    if (k * 2 < this._length) {
      for (let i = at; i > head; i--) slots[i] = slots[i - 1]
      slots[head] = undefined
      this._head = head + 1
      this._moveDown()
    } else {
      const last = --this._tail
      for (let i = at; i < last; i++) slots[i] = slots[i + 1]
      slots[last] = undefined
    }
    this._length--
    return r
  }

  /** Uses the room before the head again, once there is twice as much as is needed. */
  private _moveDown(): void {
    if (this._head > SHORT && this._head > 2 * this._length) this._compact()
  }

  private _compact(): void {
    const slots = this._slots
    let n = 0
    for (let i = this._head; i < this._tail; i++) {
      const r = slots[i]
      if (r === undefined) continue
      slots[i] = undefined
      slots[n++] = r
    }
    // A queue that was long once gives its room back.
    if (slots.length > 8 * n + 1024) slots.length = n
    this._head = 0
    this._tail = n
    this._index = null
  }

  /** `index`: what knew of the holes until now. */
  private _leaveHoles(index: CountedSlots | null): CountedSlots {
    this._compact()
    if (index === null || index.capacity < 2 * this._length || index.capacity > 8 * this._length) index = new CountedSlots(this._length)
    else index.takeFirst(this._length)
    return (this._index = index)
  }
}
