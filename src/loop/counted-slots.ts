/**
 * Knows which slots of an array are taken: a bit for each, and how many are in each word of 32 slots, in each 32 words, and
 * so on. Each operation looks at no more than 32 numbers of each level, so that it is O(log n).
 */
export class CountedSlots {
  readonly capacity: number
  readonly #bits: Int32Array
  /** Taken slots, by word. */
  readonly #words: Int32Array
  /** The same by 32 words, by 32 of those, up to 32 numbers or less. */
  readonly #upper: Int32Array[] = []

  /** The first `taken` slots are taken; there is room for as many again. */
  constructor(taken: number) {
    let words = 2
    while (words * 16 < taken) words *= 2
    this.capacity = words * 32
    this.#bits = new Int32Array(words)
    this.#words = new Int32Array(words)
    for (let n = words; n > 32; n >>= 5) this.#upper.push(new Int32Array(n >> 5))
    this.takeFirst(taken)
  }

  /** Makes the first `taken` slots those that are taken. */
  takeFirst(taken: number): void {
    for (const level of this.#upper) level.fill(0)
    for (let w = 0; w < this.#words.length; w++) {
      const n = Math.max(0, Math.min(32, taken - w * 32))
      this.#bits[w] = n === 32 ? -1 : (1 << n) - 1
      this.#words[w] = n
      this.#count(w, n)
    }
  }

  /** Notes that `slot` is taken. */
  add(slot: number): void {
    const word = slot >> 5
    const bits = this.#bits
    const words = this.#words
    bits[word] = (bits[word] as number) | (1 << (slot & 31))
    words[word] = (words[word] as number) + 1
    this.#count(word, 1)
  }

  /** Frees the slot with `k` taken ones before it, and gives its number. */
  take(k: number): number {
    const slot = this.select(k)
    const word = slot >> 5
    const bits = this.#bits
    const words = this.#words
    bits[word] = (bits[word] as number) & ~(1 << (slot & 31))
    words[word] = (words[word] as number) - 1
    this.#count(word, -1)
    return slot
  }

  /** The slot with `k` taken ones before it; there must be more than k. */
  select(k: number): number {
    const upper = this.#upper
    let rest = k
    let at = 0
    for (let level = upper.length; level >= 0; level--) {
      const counts = (level === 0 ? this.#words : upper[level - 1]) as Int32Array
      let n = counts[at] as number
      while (rest >= n) {
        rest -= n
        n = counts[++at] as number
      }
      if (level > 0) at <<= 5
    }
    return at * 32 + bitWith(rest, this.#bits[at] as number)
  }

  #count(word: number, more: number): void {
    const upper = this.#upper
    for (let level = 0, at = word >> 5; level < upper.length; level++, at >>= 5) {
      const counts = upper[level] as Int32Array
      counts[at] = (counts[at] as number) + more
    }
  }
}

/**
 * The position of the 1 in `bits` that has `k` of them below it, without a branch that the processor would have to guess
 * but for the last byte: the four bytes are counted and looked at together (Vigna, "Broadword implementation of rank/select queries", 2008).
 */
function bitWith(k: number, bits: number): number {
  const pairs = bits - ((bits >>> 1) & 0x55555555)
  const fours = (pairs & 0x33333333) + ((pairs >>> 2) & 0x33333333)
  // In each byte, how many there are in it and in those below.
  const upTo = Math.imul((fours + (fours >>> 4)) & 0x0f0f0f0f, 0x01010101)
  // The high bit of each byte up to which there are not enough.
  const below = ((Math.imul(k, 0x01010101) | 0x80808080) - upTo) & 0x80808080
  const shift = (Math.imul(below >>> 7, 0x01010101) >>> 24) << 3
  let byte = (bits >>> shift) & 0xff
  for (let rest = k - (((upTo << 8) >>> shift) & 0xff); rest > 0; rest--) byte &= byte - 1
  return shift + 31 - Math.clz32(byte & -byte)
}
