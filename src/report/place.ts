import type { CodePlace } from '../explore/failure-file.ts'

/** A place as editors and terminals know it: `file:line:column in function`. */
export function placeInWords(at: CodePlace): string {
  const column = at.column === undefined ? '' : `:${at.column}`
  return `${at.file}:${at.line}${column}${at.function === undefined ? '' : ` in ${at.function}`}`
}
