/** What is known of places of a module's text, by their offsets. */
export class Marks {
  /** A map says where it came from. */
  static readonly POINT = 1
  /** A line begins. */
  static readonly LINE = 2
  /** Something is added or replaced. */
  static readonly EDIT = 4
  /** Something begins that is left out: see `gapAt`. */
  static readonly GAP = 8

  readonly bits: Uint8Array
  readonly #gaps = new Map<number, number>()

  constructor(code: string) {
    this.bits = new Uint8Array(code.length + 1)
    this.add(0, Marks.POINT)
    for (let at = code.indexOf('\n'); at >= 0; at = code.indexOf('\n', at + 1)) this.add(at + 1, Marks.POINT | Marks.LINE)
  }

  add(at: number, mark: number): void {
    this.bits[at] = (this.bits[at] as number) | mark
  }

  has(at: number, mark: number): boolean {
    return ((this.bits[at] as number) & mark) !== 0
  }

  /** The text from `from` to `to` is left out; what follows it is a point, wherever it goes. */
  leaveOut(from: number, to: number): void {
    if (to <= from) return
    this.#gaps.set(from, to)
    this.add(from, Marks.GAP)
    this.add(to, Marks.POINT)
  }

  /** The end of what is left out from `from` on. */
  gapAt(from: number): number {
    return this.#gaps.get(from) ?? from
  }
}
