import type { Runnable } from './runnable.ts'

/** Below this length removing from the middle moves the elements; above it a Fenwick tree finds the k-th one. */
const SMALL = 192

/**
 * The ready set, in queue order, so that index 0 is what FIFO would run. Taking the k-th of n costs at most
 * SMALL moves, or O(log n) for longer queues.
 */
export class ReadyQueue {
  #slots: (Runnable | undefined)[] = []
  #head = 0
  /** One past the last element. */
  #tail = 0
  #length = 0
  /** Live elements below each slot (a Fenwick tree), or empty while no slot inside the queue is a hole. */
  #tree: number[] = []

  get length(): number {
    return this.#length
  }

  push(r: Runnable): void {
    this.#slots[this.#tail++] = r
    this.#length++
    if (this.#tree.length > 0) this.#append()
  }

  shift(): Runnable {
    if (this.#tree.length > 0) return this.takeAt(0)
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
    const r = this.#slots[this.#tree.length > 0 ? this.#select(k) : this.#head + k]
    if (r === undefined) throw new RangeError(`no element ${k} in a ready queue of ${this.#length}`)
    return r
  }

  takeAt(k: number): Runnable {
    if (this.#tree.length === 0) {
      if (k === 0) return this.shift()
      if (this.#length <= SMALL) return this.#takeSmall(k)
      this.#plant()
    }
    const slot = this.#select(k)
    const r = this.#slots[slot]
    if (r === undefined) throw new RangeError(`no element ${k} in a ready queue of ${this.#length}`)
    this.#slots[slot] = undefined
    const tree = this.#tree
    for (let i = slot + 1; i < tree.length; i += i & -i) tree[i] = (tree[i] as number) - 1
    if (--this.#length === 0) this.clear()
    else if (this.#length < SMALL / 2) this.#compact()
    return r
  }

  remove(r: Runnable): boolean {
    for (let k = 0; k < this.#length; k++) {
      if (this.at(k) === r) {
        this.takeAt(k)
        return true
      }
    }
    return false
  }

  clear(): void {
    this.#slots = []
    this.#head = 0
    this.#tail = 0
    this.#length = 0
    this.#tree = []
  }

  #takeSmall(k: number): Runnable {
    const slots = this.#slots
    const at = this.#head + k
    const r = slots[at]
    if (r === undefined) throw new RangeError(`no element ${k} in a ready queue of ${this.#length}`)
    if (k * 2 < this.#length) {
      for (let i = at; i > this.#head; i--) slots[i] = slots[i - 1]
      slots[this.#head++] = undefined
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
    this.#tree = []
  }

  /** Builds the tree over the slots as they are: node i sums the i & -i slots that end at slot i - 1. */
  #plant(): void {
    this.#compact()
    const n = this.#slots.length
    this.#tree = Array.from({ length: n + 1 }, (_, i) => i & -i)
  }

  /** Node i of a new last slot is the sum of the nodes that it covers, and itself. */
  #append(): void {
    const tree = this.#tree
    const i = this.#tail
    let sum = 1
    for (let j = i - 1, stop = i - (i & -i); j > stop; j -= j & -j) sum += tree[j] as number
    tree[i] = sum
  }

  #select(k: number): number {
    const tree = this.#tree
    const n = tree.length - 1
    let at = 0
    let rest = k
    for (let bit = 1 << (31 - Math.clz32(n)); bit > 0; bit >>= 1) {
      const next = at + bit
      if (next <= n && (tree[next] as number) <= rest) {
        at = next
        rest -= tree[next] as number
      }
    }
    return at
  }
}
