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
    const lines = original.split('\n')
    const widths: number[] = []
    const starts: number[] = []
    // Whether this line looks as if it began within a literal: `keeps` tells for certain.
    let within = false
    let start = 0
    for (const [i, line] of lines.entries()) {
      const indent = leaveOut && i > 0 ? indentOf(line) : 0
      const width = within || (indent > 0 && lines[i - 1]?.endsWith('\\') === true) ? 0 : indent
      if (within || !isComment(line, indent)) {
        for (let at = line.indexOf('`'); at >= 0; at = line.indexOf('`', at + 1)) within = !within
      }
      if (width > 0) lines[i] = line.slice(width)
      widths.push(width)
      starts.push(start)
      start += line.length - width + 1
    }
    this.code = lines.join('\n')
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

/** Whether it looks like one, or like a part of one. */
function isComment(line: string, at: number): boolean {
  return line.startsWith('*', at) || line.startsWith('//', at)
}

function indentOf(line: string): number {
  let width = 0
  for (let c = line.charCodeAt(0); c === SPACE || c === TAB; c = line.charCodeAt(width)) width++
  return width
}
