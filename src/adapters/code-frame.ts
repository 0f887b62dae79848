import type { CodePlace } from '../explore/failure-file.ts'
import { moduleOrNull } from './node-module.ts'

/** Lines before and after the one that matters. */
const AROUND = 2

/** The lines around a place, the place marked; null where the file can't be read, as in a page. */
export function codeFrame({ file, line, column }: CodePlace): string | null {
  const source = sourceOf(file)
  if (source === null || source.split('\n').length < line) return null
  const start = column === undefined ? { line } : { line, column }
  return babel()?.codeFrameColumns(source, { start }, { linesAbove: AROUND, linesBelow: AROUND }) ?? null
}

type CodeFrame = typeof import('@babel/code-frame')

let loaded: CodeFrame | null | undefined

/** Asked for when there is a file to show, so that the core has no import that a page could not follow. */
function babel(): CodeFrame | null {
  if (loaded !== undefined) return loaded
  const require = moduleOrNull('node:module')?.createRequire(import.meta.url)
  try {
    loaded = (require?.('@babel/code-frame') as CodeFrame | undefined) ?? null
  } catch {
    // A bundle that has the core in it and not this package.
    loaded = null
  }
  return loaded
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
