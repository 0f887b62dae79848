import type { Positions } from './positions.ts'

/** The sites of one module, numbered in the order in which they are met. */
export class SiteTable {
  readonly #positions: Positions
  readonly #rows: (number | string)[] = []
  #count = 0

  constructor(positions: Positions) {
    this.#positions = positions
  }

  get size(): number {
    return this.#count
  }

  /** The number of a new one. */
  add(offset: number, around: string, name = '', declaration = 0): number {
    const { line, column } = this.#positions.of(offset)
    this.#rows.push(line, column, around, name, declaration)
    return this.#count++
  }

  /** As JavaScript. */
  toString(): string {
    return JSON.stringify(this.#rows)
  }
}
