import type { Node } from './module-state.ts'

/** What is put between two characters. */
interface Insertion {
  /** Ends what stands before. */
  closing: string
  /** Begins the block whose brace or directives stand before. */
  beginning: string
  /** Begins what stands behind. */
  opening: string
}

/** What is put in the place of something. */
interface Replacement {
  readonly to: number
  readonly text: string
}

/**
 * Pieces of text put around nodes. They nest if those of a node are added before those of the nodes within it.
 */
export class Edits {
  readonly #insertions = new Map<number, Insertion>()
  readonly #replacements = new Map<number, Replacement>()

  wrap(from: number, open: string, to: number, close: string): void {
    this.open(from, open)
    this.close(to, close)
  }

  open(at: number, text: string): void {
    this.#at(at).opening += text
  }

  close(at: number, text: string): void {
    const insertion = this.#at(at)
    insertion.closing = text + insertion.closing
  }

  replace(from: number, to: number, text: string): void {
    this.#replacements.set(from, { to, text })
  }

  /** Statements before all others of a block, behind its directives. */
  beginBlock(block: Node, text: string): void {
    const directives = (block['body'] as Node[]).filter((s) => typeof s['directive'] === 'string')
    const last = directives.at(-1)
    const insertion = this.#at(last === undefined ? block.start + 1 : last.end)
    insertion.beginning = (last === undefined ? text : `;${text}`) + insertion.beginning
  }

  /** Where there is something to do. */
  eachPlace(visit: (at: number) => void): void {
    for (const at of this.#insertions.keys()) visit(at)
    for (const at of this.#replacements.keys()) visit(at)
  }

  /** What is put at `at` and belongs to what stands before. */
  endingAt(at: number): string {
    const insertion = this.#insertions.get(at)
    return insertion === undefined ? '' : insertion.closing + insertion.beginning
  }

  /** What is put there and begins what stands behind. */
  openingAt(at: number): string {
    return this.#insertions.get(at)?.opening ?? ''
  }

  /** What stands for the text from `at` on. */
  replacementAt(at: number): Replacement | null {
    return this.#replacements.get(at) ?? null
  }

  #at(at: number): Insertion {
    let insertion = this.#insertions.get(at)
    if (insertion === undefined) this.#insertions.set(at, (insertion = { closing: '', beginning: '', opening: '' }))
    return insertion
  }
}
