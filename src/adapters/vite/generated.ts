import type { Edits } from './edits.ts'
import { Mappings } from './mappings.ts'
import { Marks } from './marks.ts'

const LINE_FEED = 0x0a

/** The module's text with its edits, `last` behind it, and where each point of it came from. */
export function generated(code: string, marks: Marks, edits: Edits, last: string): { code: string; mappings: string } {
  edits.eachPlace((at) => marks.add(at, Marks.EDIT | Marks.POINT))
  const text = new Text(code)
  const { bits } = marks
  for (let at = 0; at < code.length; at++) {
    const mark = bits[at] as number
    if (mark === 0) continue
    if ((mark & Marks.LINE) !== 0) text.nextLine(at)
    const isEdited = (mark & Marks.EDIT) !== 0
    if (isEdited) text.insert(at, edits.endingAt(at))
    const isGap = (mark & Marks.GAP) !== 0
    // What begins with something that is added is at its own place from there on.
    if ((mark & Marks.POINT) !== 0 && !isGap) text.point(at)
    if (isEdited) text.insert(at, edits.openingAt(at))
    if (isGap) {
      const end = marks.gapAt(at)
      text.skip(at, end)
      for (let within = at + 1; within < end; within++) {
        if (marks.has(within, Marks.EDIT)) text.insert(end, edits.endingAt(within) + edits.openingAt(within))
      }
      at = end - 1
    } else if (isEdited) {
      const replacement = edits.replacementAt(at)
      if (replacement === null) continue
      text.skip(at, replacement.to)
      text.insert(replacement.to, replacement.text)
      at = replacement.to - 1
    }
  }
  text.insert(code.length, edits.endingAt(code.length))
  return text.end(last)
}

/** Written from its beginning to its end. */
class Text {
  readonly #code: string
  readonly #mappings = new Mappings()
  /** Joined at last: what is added up piece by piece stays a tree, in which each look at a character takes longer. */
  readonly #pieces: string[] = []
  #length = 0
  /** How far the source has been dealt with. */
  #done = 0
  #sourceLine = 0
  /** Where the present line begins, in the source and here. */
  #sourceStart = 0
  #start = 0

  constructor(code: string) {
    this.#code = code
  }

  /** How much stands before what comes from `at`. */
  #lengthAt(at: number): number {
    return this.#length + at - this.#done
  }

  nextLine(at: number): void {
    this.#sourceLine++
    this.#sourceStart = at
    this.#start = this.#lengthAt(at)
    this.#mappings.nextLine()
  }

  point(at: number): void {
    // At the end of a line nothing is left to map.
    if (this.#code.charCodeAt(at) === LINE_FEED) return
    this.#mappings.add(this.#lengthAt(at) - this.#start, this.#sourceLine, at - this.#sourceStart)
  }

  insert(at: number, text: string): void {
    if (text === '') return
    this.#copy(at)
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', end + 1)) {
      this.#mappings.nextLine()
      this.#start = this.#length + end + 1
    }
    this.#add(text)
  }

  skip(from: number, to: number): void {
    this.#copy(from)
    this.#done = to
  }

  #copy(to: number): void {
    if (to > this.#done) this.#add(this.#code.slice(this.#done, to))
    this.#done = to
  }

  #add(text: string): void {
    this.#pieces.push(text)
    this.#length += text.length
  }

  end(last: string): { code: string; mappings: string } {
    this.#copy(this.#code.length)
    this.#add(last)
    return { code: this.#pieces.join(''), mappings: this.#mappings.toString() }
  }
}
