import { Marks } from './marks.ts'
import type { Node } from './module-state.ts'

/**
 * Marks where a map must be exact: where a part of the syntax begins and ends, which is where breakpoints stop, stacks point
 * and coverage counts. A map of every word says no more than that, and each transform after this one pays for it again.
 */
export function markMapPoints({ start, end }: Node, isWord: boolean, code: string, marks: Marks): void {
  marks.add(start, Marks.POINT)
  if (isWord) return
  // What ends with a word ends where the word does.
  if (!isLetter(code.charCodeAt(end - 1))) marks.add(end - 1, Marks.POINT)
  marks.add(end, Marks.POINT)
}

function isLetter(c: number): boolean {
  return (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || (c >= 0x30 && c <= 0x39) || c === 0x5f
}
