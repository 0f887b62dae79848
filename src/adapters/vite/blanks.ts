import type { Marks } from './marks.ts'
import type { Node } from './module-state.ts'

const LINE_FEED = 0x0a
const SLASH = 0x2f
const STAR = 0x2a
/** What tools read: hints for coverage, for bundlers and for minifiers, licences, addresses of maps. */
const FOR_TOOLS = /ignore|__|node:coverage|webpack|@(?:vite|license|preserve|cc_on|jsx)|^.[/*]\s*[!#@]\s*\w+[= ]|^\/[/*]!/i

/** A stretch of text. */
interface Stretch {
  readonly start: number
  readonly end: number
}

/**
 * Finds what indents lines and what comments on them. Each transform to come would go through it word by word and map each of
 * them, which takes most of them longer than the code itself. Lines stay as they are.
 */
export class Blanks {
  readonly #code: string
  readonly #marks: Marks
  /** Texts in which nothing is a comment. */
  readonly #texts: Stretch[] = []

  constructor(code: string, marks: Marks) {
    this.#code = code
    this.#marks = marks
    if (code.startsWith('#!')) this.#texts.push({ start: 0, end: this.#endOfLine(0) })
  }

  /** A literal, a template, or something of which nobody has said what is in it. */
  visit(node: Node): void {
    if (node.type === 'TemplateLiteral') this.#template(node)
    else if (node.type !== 'Literal' || isQuote(this.#code.charCodeAt(node.start))) this.#texts.push(node)
  }

  /** What stands between the expressions of a template. */
  #template(node: Node): void {
    let { start } = node
    for (const expression of node['expressions'] as Node[]) {
      this.#texts.push({ start, end: expression.start })
      start = expression.end
    }
    this.#texts.push({ start, end: node.end })
  }

  leaveOut(): void {
    const code = this.#code
    const texts = this.#texts.toSorted((a, b) => a.start - b.start)
    let next = 0
    /** Where a comment may have blanks before it. */
    let floor = 0
    for (let at = this.#indentation(0); at < code.length; ) {
      const text = texts[next]
      if (text !== undefined && at >= text.start) {
        at = floor = Math.max(at, text.end)
        next++
        continue
      }
      const c = code.charCodeAt(at)
      if (c === LINE_FEED) at = floor = this.#indentation(at + 1)
      else if (c === SLASH && code.charCodeAt(at + 1) === SLASH) at = floor = this.#lineComment(at, floor)
      else if (c === SLASH && code.charCodeAt(at + 1) === STAR) at = floor = this.#blockComment(at, floor)
      else at++
    }
  }

  #indentation(from: number): number {
    const to = this.#afterBlanks(from)
    this.#marks.leaveOut(from, to)
    return to
  }

  #lineComment(from: number, floor: number): number {
    const to = this.#endOfLine(from)
    if (!FOR_TOOLS.test(this.#code.slice(from, to))) this.#marks.leaveOut(this.#beforeBlanks(from, floor), to)
    return to
  }

  /** It parts what stands around it, as a blank does, or as a line's end does if it has one. */
  #blockComment(from: number, floor: number): number {
    const code = this.#code
    const to = code.indexOf('*/', from + 2) + 2
    const comment = code.slice(from, to)
    if (FOR_TOOLS.test(comment)) return to
    if (!comment.includes('\n')) {
      const begins = from === floor || isBlank(code.charCodeAt(from - 1))
      if (/[\r\u2028\u2029]/.test(comment) || !(begins || isBlank(code.charCodeAt(to)))) return to
      const end = begins ? this.#afterBlanks(to) : to
      this.#marks.leaveOut(from, end)
      return end
    }
    let start = this.#beforeBlanks(from, floor)
    for (let end = code.indexOf('\n', from); end >= 0 && end < to; end = code.indexOf('\n', start)) {
      this.#marks.leaveOut(start, end)
      start = end + 1
    }
    const end = this.#afterBlanks(to)
    this.#marks.leaveOut(start, end)
    return end
  }

  #afterBlanks(at: number): number {
    let to = at
    while (isBlank(this.#code.charCodeAt(to))) to++
    return to
  }

  #beforeBlanks(at: number, floor: number): number {
    let from = at
    while (from > floor && isBlank(this.#code.charCodeAt(from - 1))) from--
    return from
  }

  #endOfLine(at: number): number {
    const end = this.#code.slice(at).search(/[\n\r\u2028\u2029]/)
    return end < 0 ? this.#code.length : at + end
  }
}

/** With which strings and regular expressions begin. */
function isQuote(c: number): boolean {
  return c === 0x22 || c === 0x27 || c === SLASH
}

function isBlank(c: number): boolean {
  return c === 0x20 || c === 0x09
}
