/**
 * A binary heap that sifts as CPython's `heapq` does (`_heapqmodule.c:heappush, heappop`), so that items of equal
 * rank come out in the same order there and here. `less` is asked the same questions in the same order, too.
 */
export class Heap<T> {
  readonly #items: T[] = []
  readonly #less: (a: T, b: T) => boolean

  constructor(less: (a: T, b: T) => boolean) {
    this.#less = less
  }

  get size(): number {
    return this.#items.length
  }

  push(item: T): void {
    this.#items.push(item)
    this.#rise(this.#items.length - 1)
  }

  /** The least item. The heap must not be empty. */
  pop(): T {
    const items = this.#items
    const last = items.pop() as T
    if (items.length === 0) return last
    const least = items[0] as T
    items[0] = last
    this.#sinkThenRise()
    return least
  }

  /** Moves the item at `at` up to its place. */
  #rise(at: number): void {
    const items = this.#items
    let i = at
    while (i > 0) {
      const parent = (i - 1) >> 1
      if (!this.#less(items[i] as T, items[parent] as T)) return
      this.#swap(i, parent)
      i = parent
    }
  }

  /** Moves the item on top down to a leaf, along the lesser children, and from there up to its place. */
  #sinkThenRise(): void {
    const items = this.#items
    const end = items.length
    const firstLeaf = end >> 1
    let i = 0
    while (i < firstLeaf) {
      let child = 2 * i + 1
      if (child + 1 < end && !this.#less(items[child] as T, items[child + 1] as T)) child++
      this.#swap(i, child)
      i = child
    }
    this.#rise(i)
  }

  #swap(i: number, j: number): void {
    const items = this.#items
    const item = items[i] as T
    items[i] = items[j] as T
    items[j] = item
  }
}
