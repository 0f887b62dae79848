import type { Positions } from './positions.ts'

/** The sites of one module, numbered in the order in which they are met. */
export class SiteTable {
  readonly #positions: Positions
  readonly #rows: string[] = []

  constructor(positions: Positions) {
    this.#positions = positions
  }

  get size(): number {
    return this.#rows.length
  }

  /** The number of a new one; an access has a kind, a name and, where it is known, a key. */
  add(offset: number, around: string, kind = '', name = '', key = ''): number {
    const { line, column } = this.#positions.of(offset)
    return this.#rows.push([line, column, around, kind, name, key].join('\n')) - 1
  }

  /** As JavaScript: one string, which the parsers to come pass over. */
  toString(): string {
    return JSON.stringify(this.#rows.join('\t'))
  }
}
