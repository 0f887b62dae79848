import { codeFrameColumns } from '@babel/code-frame'
import type { CodePlace } from '../explore/failure-file.ts'
import { moduleOrNull } from './node-module.ts'

/** Lines before and after the one that matters. */
const AROUND = 2

/** The lines around a place, the place marked; null where the file can't be read. */
export function codeFrame({ file, line, column }: CodePlace): string | null {
  const source = sourceOf(file)
  if (source === null || source.split('\n').length < line) return null
  const start = column === undefined ? { line } : { line, column }
  return codeFrameColumns(source, { start }, { linesAbove: AROUND, linesBelow: AROUND })
}

/** The text of a file, given by its path or its URL. */
function sourceOf(file: string): string | null {
  const fs = moduleOrNull('node:fs')
  if (fs === null) return null
  try {
    return fs.readFileSync(file.startsWith('file:') ? new URL(file) : file, 'utf8')
  } catch {
    return null
  }
}
