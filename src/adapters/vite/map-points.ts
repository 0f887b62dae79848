import type { MagicString } from 'magic-string'
import type { Node } from './module-state.ts'

/** Expressions of which nobody asks where they end, unless they are a part of something that says so. */
const OPEN = new Set([
  'ArrayExpression', 'AwaitExpression', 'AssignmentExpression', 'BinaryExpression', 'CallExpression', 'ChainExpression',
  'ConditionalExpression', 'Identifier', 'ImportExpression', 'Literal', 'LogicalExpression', 'MemberExpression', 'NewExpression',
  'ObjectExpression', 'SequenceExpression', 'SpreadElement', 'TaggedTemplateExpression', 'TemplateLiteral', 'ThisExpression',
  'UnaryExpression', 'UpdateExpression', 'YieldExpression',
])

/**
 * Where a map must be exact: where a part of the syntax begins and ends, which is where breakpoints stop, stacks point
 * and coverage counts. A map of every word says no more than that, and each transform after this one pays for it again.
 */
export class MapPoints {
  readonly #bits: Uint8Array

  constructor(length: number) {
    this.#bits = new Uint8Array(length + 1)
  }

  start(node: Node): void {
    this.#bits[node.start] = 1
  }

  end({ end }: Node): void {
    this.#bits[end - 1] = 1
    this.#bits[end] = 1
  }

  /** Its beginning, and its end if anything counts or stops there. */
  add(node: Node): void {
    this.start(node)
    if (!OPEN.has(node.type)) this.end(node)
  }

  /** In their order: what magic-string keeps them in gets slow if it is filled from the far end. */
  markIn(text: MagicString): void {
    const bits = this.#bits
    for (let at = 0; at < bits.length; at++) if (bits[at] === 1) text.addSourcemapLocation(at)
  }
}
