import type { MagicString } from 'magic-string'
import type { Node } from './module-state.ts'

interface Edit {
  readonly at: number
  readonly text: string
  readonly opens: boolean
}

/**
 * Pieces of text put around nodes. They nest if those of a node are added before those of the nodes within it.
 */
export class Edits {
  readonly #code: string
  readonly #edits: Edit[] = []
  readonly #replacements: { readonly from: number; readonly to: number; readonly text: string }[] = []
  readonly #beginnings: { readonly at: number; readonly text: string }[] = []
  /** How much is put before what stands at an offset. */
  readonly #opened: Int32Array

  constructor(code: string) {
    this.#code = code
    this.#opened = new Int32Array(code.length + 1)
  }

  wrap(from: number, open: string, to: number, close: string): void {
    this.open(from, open)
    this.close(to, close)
  }

  /** A blank that `text` begins with is for what may stand right before it. */
  open(from: number, full: string): void {
    const hasBlank = full.startsWith(' ') && this.#code.startsWith(' ', from)
    const at = hasBlank ? from + 1 : from
    const text = hasBlank ? full.slice(1) : full
    this.#edits.push({ at, text, opens: true })
    this.#opened[at] = this.openedAt(at) + text.length
  }

  /** The length of what opens there. */
  openedAt(at: number): number {
    return this.#opened[at] as number
  }

  close(at: number, text: string): void {
    this.#edits.push({ at, text, opens: false })
  }

  replace(from: number, to: number, text: string): void {
    this.#replacements.push({ from, to, text })
  }

  /** Statements before all others of a block, behind its directives. */
  beginBlock(block: Node, text: string): void {
    const directives = (block['body'] as Node[]).filter((s) => typeof s['directive'] === 'string')
    const last = directives.at(-1)
    this.#beginnings.push(last === undefined ? { at: block.start + 1, text } : { at: last.end, text: `;${text}` })
  }

  applyTo(code: MagicString): void {
    for (const { from, to, text } of this.#replacements) code.update(from, to, text)
    for (const { at, text, opens } of this.#edits) {
      if (opens) code.appendRight(at, text)
      else code.prependLeft(at, text)
    }
    for (const { at, text } of this.#beginnings) code.prependRight(at, text)
  }
}
