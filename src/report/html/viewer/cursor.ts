/** The row that every part of the page shows. */
export class Cursor {
  readonly last: number
  #row = 0
  readonly #listeners: ((row: number) => void)[] = []

  /** From row 0 to `last`. */
  constructor(last: number) {
    this.last = last
  }

  get row(): number {
    return this.#row
  }

  /** Told at once, and again whenever it moves. */
  watch(listener: (row: number) => void): void {
    this.#listeners.push(listener)
    listener(this.#row)
  }

  moveTo(row: number): void {
    const next = Math.min(this.last, Math.max(0, row))
    if (next === this.#row) return
    this.#row = next
    for (const listener of this.#listeners) listener(next)
  }
}
