/**
 * sfc32 (Doty-Humphrey, PractRand), seeded by mixing two numbers. It uses 32-bit integer operations only, so that
 * every engine gives the same numbers.
 */
export class Prng {
  #a = 0
  #b = 0
  #c = 0
  #d = 1

  /** Starts the sequence of (seed, stream). */
  seed(seed: number, stream: number): void {
    this.#a = mix(seed | 0)
    this.#b = mix(this.#a ^ (Math.floor(seed / 0x1_0000_0000) | 0))
    this.#c = mix(this.#b ^ (stream | 0))
    this.#d = 1
    for (let i = 0; i < 8; i++) this.next()
  }

  /** A number from 0 to 2^32 - 1. */
  next(): number {
    const t = (((this.#a + this.#b) | 0) + this.#d) | 0
    this.#d = (this.#d + 1) | 0
    this.#a = this.#b ^ (this.#b >>> 9)
    this.#b = (this.#c + (this.#c << 3)) | 0
    this.#c = (((this.#c << 21) | (this.#c >>> 11)) + t) | 0
    return t >>> 0
  }

  /** A number from 0 to n - 1, each with probability 1/n up to n / 2^32. */
  below(n: number): number {
    const x = this.next()
    if (n > 0xffff) return Math.floor((x / 0x1_0000_0000) * n)
    // The same number by integers alone, because this is the path of every pick.
    return (Math.imul(x >>> 16, n) + (Math.imul(x & 0xffff, n) >>> 16)) >>> 16
  }
}

/** The finaliser of MurmurHash3: every input bit reaches every output bit. */
export function mix(x: number): number {
  let h = (x + 0x9e3779b9) | 0
  h = Math.imul(h ^ (h >>> 16), 0x85ebca6b)
  h = Math.imul(h ^ (h >>> 13), 0xc2b2ae35)
  return h ^ (h >>> 16)
}
