const DIGITS = Uint8Array.from('ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/', (c) => c.charCodeAt(0))
const ZERO = 0x41
const COMMA = 0x2c
const SEMICOLON = 0x3b
/** A segment has four numbers of at most seven digits, and a comma. */
const LONGEST_SEGMENT = 29

/** The mappings of a source map with one source, written from its beginning to its end: https://tc39.es/ecma426/. */
export class Mappings {
  #bytes = new Uint8Array(4096)
  #size = 0
  #isFirst = true
  #column = 0
  #sourceLine = 0
  #sourceColumn = 0

  /** The text goes on in the next line. */
  nextLine(): void {
    if (this.#size === this.#bytes.length) this.#grow()
    this.#bytes[this.#size++] = SEMICOLON
    this.#isFirst = true
    this.#column = 0
  }

  /** What stands at a column of this line stood at that place of the source. Lines and columns count from 0. */
  add(column: number, sourceLine: number, sourceColumn: number): void {
    if (this.#size + LONGEST_SEGMENT > this.#bytes.length) this.#grow()
    if (!this.#isFirst) this.#bytes[this.#size++] = COMMA
    this.#isFirst = false
    this.#number(column - this.#column)
    // The only source.
    this.#bytes[this.#size++] = ZERO
    this.#number(sourceLine - this.#sourceLine)
    this.#number(sourceColumn - this.#sourceColumn)
    this.#column = column
    this.#sourceLine = sourceLine
    this.#sourceColumn = sourceColumn
  }

  toString(): string {
    return Buffer.from(this.#bytes.buffer, 0, this.#size).toString('latin1')
  }

  /** The sign in the lowest bit, then five bits a digit, the least first; the sixth says that more follow. */
  #number(n: number): void {
    let rest = n < 0 ? (-n << 1) | 1 : n << 1
    if (rest < 32) {
      this.#bytes[this.#size++] = DIGITS[rest] as number
      return
    }
    do {
      const digit = rest & 31
      rest >>>= 5
      this.#bytes[this.#size++] = DIGITS[rest > 0 ? digit | 32 : digit] as number
    } while (rest > 0)
  }

  #grow(): void {
    const longer = new Uint8Array(this.#bytes.length * 2)
    longer.set(this.#bytes)
    this.#bytes = longer
  }
}
