import type { Node } from './module-state.ts'

const TAB = 0x09
const SPACE = 0x20

/**
 * A module's text without what indents its lines. Each transform to come maps every blank on its own, which takes most of
 * them longer than the code itself; to a program they say nothing, unless a line begins within a literal.
 */
export class Indents {
  /** Lines are as they were; their beginnings are not. */
  readonly code: string
  /** How much each line has lost. */
  readonly #widths: readonly number[]
  readonly #starts: readonly number[]

  /** `leaveOut` is false where it turned out that something would be missed. */
  constructor(original: string, leaveOut = true) {
    const pieces: string[] = []
    const widths: number[] = []
    const starts: number[] = []
    let quote = original.indexOf('`')
    // Whether this line looks as if it began within a literal: `keeps` tells for certain.
    let within = false
    let lost = 0
    /** Where the piece begins that is not left out. */
    let kept = 0
    for (let from = 0, end = 0; end >= 0; from = end + 1) {
      end = original.indexOf('\n', from)
      const indent = leaveOut && from > 0 ? indentAt(original, from) : 0
      const width = within || (indent > 0 && endsOpen(original, from - 1)) ? 0 : indent
      if (quote >= 0 && (end < 0 || quote < end)) {
        const counts = within || !isComment(original, from + indent)
        const limit = end < 0 ? original.length : end
        for (; quote >= 0 && quote < limit; quote = original.indexOf('`', quote + 1)) if (counts) within = !within
      }
      widths.push(width)
      starts.push(from - lost)
      if (width > 0) {
        pieces.push(original.slice(kept, from))
        kept = from + width
        lost += width
      }
    }
    pieces.push(original.slice(kept))
    this.code = pieces.join('')
    this.#widths = widths
    this.#starts = starts
  }

  /** Where `offset` was. Line and column count from 0. */
  positionOf(offset: number): { line: number; column: number } {
    const line = this.#lineOf(offset)
    return { line, column: offset - (this.#starts[line] as number) + this.widthOf(line) }
  }

  widthOf(line: number): number {
    return this.#widths[line] as number
  }

  /** The offset at which a line begins. */
  startOf(line: number): number {
    return this.#starts[line] as number
  }

  /** Whether nothing of what is in this literal was left out. */
  keeps({ start, end }: Node): boolean {
    for (let line = this.#lineOf(start) + 1; (this.#starts[line] ?? end) < end; line++) if (this.widthOf(line) > 0) return false
    return true
  }

  #lineOf(offset: number): number {
    const starts = this.#starts
    let low = 0
    let high = starts.length - 1
    while (low < high) {
      const middle = (low + high + 1) >> 1
      if ((starts[middle] as number) <= offset) low = middle
      else high = middle - 1
    }
    return low
  }
}

/** Whether the line that ends at `end` looks as if a string went on behind it. */
function endsOpen(text: string, end: number): boolean {
  return text[end - 1] === '\\'
}

/** Whether a comment, or a part of one, seems to begin there. */
function isComment(text: string, at: number): boolean {
  return text.startsWith('*', at) || text.startsWith('//', at)
}

function indentAt(text: string, start: number): number {
  let at = start
  for (let c = text.charCodeAt(at); c === SPACE || c === TAB; c = text.charCodeAt(at)) at++
  return at - start
}
