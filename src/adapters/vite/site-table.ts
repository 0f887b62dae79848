import { wordOfNumbers, wordOfTexts } from '../../world/instrumented/site-code.ts'
import type { Positions } from './positions.ts'

/** The sites of one module, numbered in the order in which they are met. */
export class SiteTable {
  readonly #positions: Positions
  readonly #rows: number[] = []
  /** The texts that rows name by number. */
  readonly #texts = new Map<string, number>()
  #size = 0

  constructor(positions: Positions) {
    this.#positions = positions
  }

  get size(): number {
    return this.#size
  }

  /** The number of a new one; an access has a kind, a name and, where it is known, a key. */
  add(offset: number, around: string, kind = '', name = '', key = ''): number {
    const { line, column } = this.#positions.of(offset)
    this.#rows.push(line, column, this.#text(around), this.#text(kind), this.#text(name), this.#text(key))
    return this.#size++
  }

  #text(text: string): number {
    let n = this.#texts.get(text)
    if (n === undefined) {
      n = this.#texts.size
      this.#texts.set(text, n)
    }
    return n
  }

  /** As JavaScript: one string of one word, which the transforms to come pass over. */
  toString(): string {
    return `"${wordOfTexts(this.#texts.keys())}${wordOfNumbers(this.#rows)}"`
  }
}
