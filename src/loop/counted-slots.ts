/**
 * Knows which slots of an array are taken: a bit for each, and a Fenwick tree (1994, "A new data structure for cumulative
 * frequency tables") over words of 32 slots, so that each operation is O(log n).
 */
export class CountedSlots {
  readonly capacity: number
  readonly #bits: Int32Array
  /** Node i, from 1, counts the taken slots of the i & -i words that end at word i - 1. */
  readonly #counts: Int32Array

  /** The first `taken` slots are taken; there is room for as many again. */
  constructor(taken: number) {
    let words = 2
    while (words * 16 < taken) words *= 2
    this.capacity = words * 32
    const bits = new Int32Array(words)
    const counts = new Int32Array(words + 1)
    for (let w = 0; w < words; w++) {
      const n = Math.max(0, Math.min(32, taken - w * 32))
      bits[w] = n === 32 ? -1 : (1 << n) - 1
      const node = w + 1
      counts[node] = (counts[node] as number) + n
      const parent = node + (node & -node)
      if (parent <= words) counts[parent] = (counts[parent] as number) + (counts[node] as number)
    }
    this.#bits = bits
    this.#counts = counts
  }

  /** Notes that `slot` is taken. */
  add(slot: number): void {
    const word = slot >> 5
    const bits = this.#bits
    const counts = this.#counts
    bits[word] = (bits[word] as number) | (1 << (slot & 31))
    for (let i = word + 1; i < counts.length; i += i & -i) counts[i] = (counts[i] as number) + 1
  }

  /** Frees the slot with `k` taken ones before it, and gives its number. */
  take(k: number): number {
    const slot = this.select(k)
    const word = slot >> 5
    const bits = this.#bits
    const counts = this.#counts
    bits[word] = (bits[word] as number) & ~(1 << (slot & 31))
    for (let i = word + 1; i < counts.length; i += i & -i) counts[i] = (counts[i] as number) - 1
    return slot
  }

  /** The slot with `k` taken ones before it; there must be more than k. */
  select(k: number): number {
    const counts = this.#counts
    let word = 0
    let rest = k
    for (let half = (counts.length - 1) >> 1; half > 0; half >>= 1) {
      const before = counts[word + half] as number
      if (before <= rest) {
        word += half
        rest -= before
      }
    }
    let bits = this.#bits[word] as number
    while (rest-- > 0) bits &= bits - 1
    return word * 32 + 31 - Math.clz32(bits & -bits)
  }
}
