import { RUNNER } from '../world/escapes.ts'
import { stackOf } from '../world/stacks.ts'
import type { CodePlace } from './failure-file.ts'

/** So many frames of the library may lie above the user's. */
const DEPTH = 40

/** Heddle's own files, as they are named in stacks. */
const OWN = new URL('..', import.meta.url)
const OWN_PATH = pathOf(OWN.href)

/** What the Vite plugin adds to a module. */
const HELPERS = '__heddle_'

/** The line of the user's code that is running: the first on the stack that is neither Heddle's, nor a test runner's, nor the host's. */
export function codeSite(): CodePlace | undefined {
  return siteIn(stackOf(DEPTH).words.split('\n').filter((line) => !AWAITS.test(line)).join('\n'))
}

/** A frame that is not running: it awaits what is. Which of those a stack has is up to the host's version. */
const AWAITS = /^\s*at async /

/** The same for a stack that is there already. */
export function siteIn(stack: string): CodePlace | undefined {
  for (const line of stack.split('\n')) {
    const at = frameOf(line)
    if (at === undefined || at.file.startsWith(OWN_PATH) || RUNNER.test(at.file)) continue
    if (at.function?.startsWith(HELPERS) !== true) return at
  }
  return undefined
}

/** The first line of a stack that is neither Heddle's nor of the host's hooks: who made a promise. */
export function callerIn(stack: string): string | undefined {
  const lines = stack.split('\n').filter((line) => /^\s*at /.test(line) && !line.includes('node:internal/async_hooks'))
  return lines.find((line) => frameOf(line)?.file.startsWith(OWN_PATH) !== true)
}

/** `at name (file:1:2)` and `at file:1:2` as V8 has them, `name@file:1:2` as the others do. */
const FRAME = /^\s*at (?:(.*?) \()?((?:file:|https?:|\/|[A-Za-z]:[\\/]).*?):(\d+):(\d+)|^(.*?)@((?:file:|https?:|\/).*?):(\d+):(\d+)$/

function frameOf(line: string): CodePlace | undefined {
  const m = FRAME.exec(line)
  if (m === null) return undefined
  const [file, row, column] = m[2] === undefined ? [m[6], m[7], m[8]] : [m[2], m[3], m[4]]
  const name = nameOf(m[1] ?? m[5] ?? '')
  return {
    file: pathOf(file as string),
    line: Number(row),
    column: Number(column),
    ...(name === '' ? {} : { function: name }),
  }
}

function nameOf(name: string): string {
  // Code that is made of a text has no file: who made it is shown.
  const bare = name.replace(/^.*\(eval at /, '').replace(/^(async|new) /, '').replace(/ \[as .*\]$/, '').replace(/^Object\./, '').replace(/\.next$/, '')
  return bare.includes('<anonymous>') ? '' : bare
}

/** A file's path, also where the host names it by its URL. */
function pathOf(file: string): string {
  if (!file.startsWith('file:')) return file
  const path = decodeURIComponent(new URL(file).pathname)
  return /^\/[A-Za-z]:/.test(path) ? path.slice(1) : path
}
