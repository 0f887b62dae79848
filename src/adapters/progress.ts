import type { Progress } from '../explore/options.ts'

/** Milliseconds after which an exploration says how far it is, and between two lines where nothing can be overwritten. */
export const AFTER = 2000
export const HEARTBEAT = 30_000
const WIDTH = 100
/** So much of a name is left at least where the line is too long. */
const NAME = 16

/** Where the line goes: `process.stderr`, or something like it. */
export interface ProgressOutput {
  write(text: string): unknown
  readonly isTTY?: boolean | undefined
  readonly columns?: number | undefined
}

/** What a progress line is about. */
export interface ProgressOptions {
  /** The test's name. */
  readonly name?: string
  /** How many schedules are to be run at most. */
  readonly schedules?: number
  /** Default: true in a terminal, unless the environment variable CI is set. */
  readonly live?: boolean
}

/**
 * One line that says how far an exploration is. In a terminal it appears after two seconds, is written over and over,
 * and goes away at the end; a log gets a line every thirty seconds, so that nobody takes it for dead.
 *
 * @example
 * ```ts
 * const line = new ProgressLine(process.stderr, { name: 'transfer', schedules: 100_000 })
 * await check(body, { onProgress: (p) => line.tell(p) })
 * line.end()
 * ```
 */
export class ProgressLine {
  readonly #out: ProgressOutput
  readonly #options: ProgressOptions
  readonly #live: boolean
  #shown = false
  #told = 0

  constructor(out: ProgressOutput, options: ProgressOptions = {}) {
    this.#out = out
    this.#options = options
    this.#live = options.live ?? (out.isTTY === true && !inCi())
  }

  tell(progress: Progress): void {
    if (this.#live) {
      if (progress.elapsed < AFTER) return
      const width = (this.#out.columns ?? WIDTH) - 1
      this.#out.write(`\r${progressWords(this.#options, progress, width)}\u001B[K`)
      this.#shown = true
    } else if (progress.elapsed - this.#told >= HEARTBEAT) {
      this.#told = progress.elapsed
      this.#out.write(`${progressWords(this.#options, progress)}\n`)
    }
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown) this.#out.write('\r\u001B[K')
    this.#shown = false
  }
}

/** What a line says: `heddle: transfer: 412 of 1,000 schedules, 4,120/s, 3,512 choice points, ≈12% of the space, 2 s`. */
export function progressWords({ name = '', schedules: most }: ProgressOptions, progress: Progress, width = Number.POSITIVE_INFINITY): string {
  const { schedules, failures, choicePoints, explored, elapsed } = progress
  const rate = elapsed > 0 ? `${grouped(Math.round((schedules * 1000) / elapsed))}/s` : ''
  const points = `${grouped(choicePoints)} choice ${choicePoints === 1 ? 'point' : 'points'}`
  const figures = [
    `${grouped(schedules)}${most === undefined || most === Number.POSITIVE_INFINITY ? '' : ` of ${grouped(most)}`} schedules`,
    failures === 0 ? '' : `${grouped(failures)} failed`,
    rate,
    points,
    explored === null ? '' : shareOf(explored),
    `${Math.floor(elapsed / 1000)} s`,
  ]
  const label = name === '' ? 'heddle: ' : 'heddle: : '
  const roomFor = (said: string): number => width - said.length - label.length
  // Where there is no room for all of it, these go first.
  const shorter = [[], [points], [points, rate]].map((left) => figures.filter((part) => part !== '' && !left.includes(part)).join(', '))
  const said = shorter.find((text) => roomFor(text) >= Math.min(NAME, name.length)) ?? (shorter.at(-1) as string)
  const subject = name === '' ? 'heddle' : `heddle: ${endOf(name, Math.max(NAME, roomFor(said)))}`
  return clip(`${subject}: ${said}`, width)
}

/** The end of a long name is the test's own. */
function endOf(name: string, room: number): string {
  return name.length > room ? `…${name.slice(1 - room)}` : name
}

/** The estimated share of all schedules, for people: `≈12% of the space`. */
export function shareOf(explored: number): string {
  const percent = Math.min(1, explored) * 100
  return percent < 0.01 ? '<0.01% of the space' : `≈${percent < 1 ? percent.toFixed(2) : Math.floor(percent)}% of the space`
}

/** The line on standard error; null where there is none, as in a page. */
export function progressOnErrorOutput(name: string, schedules: number): ProgressLine | null {
  const { process } = globalThis as { process?: { stderr?: ProgressOutput } }
  const out = process?.stderr
  return typeof out?.write === 'function' ? new ProgressLine(out, { name, schedules }) : null
}

/** Whether nobody looks on. */
export function inCi(): boolean {
  const { process } = globalThis as { process?: { env?: Record<string, string | undefined> } }
  const ci = process?.env?.['CI']
  return ci !== undefined && ci !== '' && ci !== 'false' && ci !== '0'
}

function grouped(n: number): string {
  return String(n).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
}

function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text
}
