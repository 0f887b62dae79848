import type { Progress } from '../explore/options.ts'

/** Milliseconds after which an exploration says how far it is, and between two lines where nothing can be overwritten. */
const AFTER = 2000
const HEARTBEAT = 30_000
const WIDTH = 100

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
      this.#out.write(`\r${clip(this.#words(progress), width)}\u001B[K`)
      this.#shown = true
    } else if (progress.elapsed - this.#told >= HEARTBEAT) {
      this.#told = progress.elapsed
      this.#out.write(`${this.#words(progress)}\n`)
    }
  }

  /** Takes the line away. */
  end(): void {
    if (this.#shown) this.#out.write('\r\u001B[K')
    this.#shown = false
  }

  #words({ schedules, failures, elapsed }: Progress): string {
    const { name, schedules: most } = this.#options
    const of = most === undefined || most === Number.POSITIVE_INFINITY ? '' : ` of ${grouped(most)}`
    const rate = elapsed > 0 ? `, ${grouped(Math.round((schedules * 1000) / elapsed))} a second` : ''
    const failed = failures === 0 ? '' : `, ${grouped(failures)} failed`
    const subject = name === undefined || name === '' ? 'heddle' : `heddle: ${name}`
    return `${subject}: ${grouped(schedules)}${of} schedules${failed}${rate}, ${Math.floor(elapsed / 1000)} s`
  }
}

/** The line on standard error; null where there is none, as in a page. */
export function progressOnErrorOutput(name: string, schedules: number): ProgressLine | null {
  const { process } = globalThis as { process?: { stderr?: ProgressOutput } }
  const out = process?.stderr
  return typeof out?.write === 'function' ? new ProgressLine(out, { name, schedules }) : null
}

function inCi(): boolean {
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
