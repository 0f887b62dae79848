import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Vitest } from 'vitest/node'
import { LiveLine } from '../live-line.ts'
import { AFTER, HEARTBEAT, inCi, progressWords } from '../progress.ts'
import { LOOK, type ProgressNote } from './progress-channel.ts'
import { enterWindow, type VitestWindow } from './vitest-window.ts'

/** After so many without a word from it a worker is taken for dead. */
const SILENT = 60_000
/** So many explorations at once have a line of their own. */
const LINES = 4
const COLUMNS = 80

/** When to say how far explorations are. */
export interface ProgressTimes {
  /** Milliseconds after which an exploration has its line. Default: 2000. */
  readonly after?: number
  /** Where no line can be written over, milliseconds from one line of an exploration to its next. Default: 30,000. */
  readonly every?: number
}

/**
 * Shows how far the explorations of a run are while they are under way: in a terminal a line for each, in vitest's own window if it
 * draws one; elsewhere a line now and then, so that nobody takes them for dead.
 */
export class ProgressBoard {
  readonly #every: number
  readonly #directory: string
  readonly #timer: NodeJS.Timeout
  readonly #window: VitestWindow | null
  readonly #line: LiveLine | null
  /** What a log has been told of last, by file. */
  readonly #told = new Map<string, { name: string; elapsed: number }>()
  #notes = new Map<string, ProgressNote>()

  constructor(vitest: Pick<Vitest, 'provide'>, { after = AFTER, every = HEARTBEAT }: ProgressTimes) {
    this.#every = every
    this.#directory = mkdtempSync(join(tmpdir(), 'heddle-progress-'))
    vitest.provide('heddleProgress', { directory: this.#directory, after })
    this.#window = inCi() ? null : enterWindow(vitest, () => this.#lines())
    const free = this.#window === null && process.stderr.isTTY && !inCi() && LiveLine.isFree()
    this.#line = free ? new LiveLine() : null
    this.#timer = setInterval(() => this.#look(), LOOK)
    this.#timer.unref()
    // A run that is interrupted has no end.
    process.once('exit', this.#clean)
  }

  end(): void {
    clearInterval(this.#timer)
    this.#notes.clear()
    this.#window?.leave()
    this.#line?.end()
    process.off('exit', this.#clean)
    this.#clean()
  }

  readonly #clean = (): void => rmSync(this.#directory, { recursive: true, force: true })

  #look(): void {
    const before = this.#notes
    this.#notes = new Map()
    for (const file of filesIn(this.#directory)) {
      // What is half-written is read next time.
      const note = noteIn(file) ?? before.get(file)
      if (note !== undefined) this.#notes.set(file, note)
    }
    if (before.size === 0 && this.#notes.size === 0) return
    if (this.#window !== null) this.#window.redraw()
    else if (this.#line !== null) this.#line.show(this.#inOneLine())
    else this.#log()
  }

  #inOneLine(): string {
    const [first] = this.#notes.values()
    if (first === undefined) return ''
    const others = this.#notes.size === 1 ? '' : ` (and ${this.#notes.size - 1} more)`
    return words(first, (process.stderr.columns || COLUMNS) - 1 - others.length) + others
  }

  #lines(): string[] {
    const width = (process.stdout.columns || COLUMNS) - 2
    const lines = [...this.#notes.values()].slice(0, LINES).map((note) => words(note, width))
    const others = this.#notes.size - lines.length
    return others === 0 ? lines : [...lines, `heddle: and ${others} more`]
  }

  #log(): void {
    for (const [file, note] of this.#notes) {
      const { elapsed } = note.progress
      let told = this.#told.get(file)
      // A worker gives the file of one exploration to its next.
      if (told === undefined || told.name !== note.name || told.elapsed > elapsed) told = { name: note.name, elapsed: 0 }
      if (elapsed - told.elapsed >= this.#every) {
        told.elapsed = elapsed
        process.stderr.write(`${words(note)}\n`)
      }
      this.#told.set(file, told)
    }
  }
}

function words({ name, most, progress }: ProgressNote, width?: number): string {
  return progressWords({ name, ...(most === null ? {} : { schedules: most }) }, progress, width)
}

function filesIn(directory: string): string[] {
  try {
    const files = readdirSync(directory).toSorted().map((name) => join(directory, name))
    return files.filter((file) => Date.now() - statSync(file).mtimeMs < SILENT)
  } catch {
    // An exploration has ended meanwhile: there is a next look.
    return []
  }
}

function noteIn(file: string): ProgressNote | null {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as ProgressNote
  } catch {
    return null
  }
}
