import type { MagicString } from 'magic-string'
import type { Node } from './module-state.ts'

/**
 * Marks where a map must be exact: where a part of the syntax begins and ends, which is where breakpoints stop, stacks point
 * and coverage counts. A map of every word says no more than that, and each transform after this one pays for it again.
 */
export function markMapPoints({ type, start, end }: Node, text: MagicString): void {
  text.addSourcemapLocation(start)
  if (type === 'Identifier' || type === 'Literal' || type === 'ThisExpression') return
  text.addSourcemapLocation(end - 1)
  text.addSourcemapLocation(end)
}
