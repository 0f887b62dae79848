import type { CodePlace, FailureFile } from '../explore/failure-file.ts'
import type { StaleAccess } from '../explore/stale-write.ts'
import { harmless } from './text-width.ts'
import { layOut, rowOf } from './columns.ts'

/** The broken atomic section of a failure in one sentence; none where none was seen. */
export function staleWriteInWords({ stale, failing }: FailureFile): string[] {
  if (stale === undefined) return []
  const table = layOut(failing)
  const who = ({ lane, task }: StaleAccess): string => {
    const entry = failing.steps.findIndex((s) => s.lane === lane && s.task !== undefined)
    const column = entry < 0 ? undefined : table.rows[rowOf(table.rows, entry)]?.column
    return (column === undefined ? task : table.columns[column]) ?? 'a callback'
  }
  const { name, read, between, written } = stale
  return [
    `\`${harmless(name)}\` was read at ${place(read.at)} by ${who(read)}, written at ${place(between.at)} by ${who(between)}, ` +
    `and written from the stale read at ${place(written.at)} by ${who(written)}.`,
  ]
}

function place({ file, line }: CodePlace): string {
  return `${harmless(file)}:${line}`
}
