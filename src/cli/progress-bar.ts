import { shareOf } from '../adapters/progress.ts'
import type { Control } from './control.ts'
import { counted, grouped, seconds } from './numbers.ts'

const EVERY = 100
const HEARTBEAT = 30_000
/** How long the bar may be: the first with which the line fits. */
const CELLS = [20, 10, 5, 0]

/** What the bar measures: how many schedules there may be, and how long it may take. */
export interface Limits {
  readonly schedules: number
  /** Milliseconds. */
  readonly timeLimit: number | undefined
}

interface Figures {
  readonly schedules: number
  readonly choicePoints: number
  readonly failures: number
  /** The estimated share of all schedules; NaN where nothing is known. */
  readonly explored: number
  /** Milliseconds. */
  readonly elapsed: number
}

/**
 * One line that follows an exploration. In a terminal it is written over and over; elsewhere a line every thirty seconds
 * shows that it is alive.
 */
export class ProgressBar {
  readonly #out: NodeJS.WriteStream
  readonly #name: string
  readonly #limits: Limits
  readonly #live: boolean
  readonly #began = performance.now()
  #timer: NodeJS.Timeout | undefined

  constructor(out: NodeJS.WriteStream, name: string, limits: Limits) {
    this.#out = out
    this.#name = name
    this.#limits = limits
    this.#live = out.isTTY && !process.env['CI']
  }

  /** Shows the figures of these workers until the function that it gives is called. */
  follow(control: Control): () => void {
    const tell = (): void => {
      const elapsed = performance.now() - this.#began
      const [schedules, choicePoints, failures, explored] = (['schedules', 'choicePoints', 'failures', 'explored'] as const).map((c) =>
        control.total(c),
      ) as [number, number, number, number]
      const width = this.#live ? (this.#out.columns || 80) - 1 : Number.POSITIVE_INFINITY
      this.#write(barLine(this.#name, { schedules, choicePoints, failures, explored, elapsed }, this.#limits, width))
    }
    this.#timer = setInterval(tell, this.#live ? EVERY : HEARTBEAT)
    this.#timer.unref()
    return () => {
      clearInterval(this.#timer)
      if (this.#live) this.#out.write('\r\u001B[K')
    }
  }

  #write(line: string): void {
    if (this.#live) this.#out.write(`\r${line}\u001B[K`)
    else this.#out.write(`${line}\n`)
  }
}

/** `transfer ━━━━──── 41%  412 of 1,000  1 failure  8,240/s  3,512 choice points  ≈12% of the space  0.1 s` */
export function barLine(name: string, f: Figures, { schedules: most, timeLimit }: Limits, width = Number.POSITIVE_INFINITY): string {
  const bySchedules = Number.isFinite(most) ? f.schedules / most : 0
  const byTime = timeLimit === undefined ? 0 : f.elapsed / timeLimit
  const done = Math.min(1, Math.max(bySchedules, byTime))
  const rate = f.elapsed > 0 ? (f.schedules * 1000) / f.elapsed : 0
  const figures = [
    `${Math.floor(done * 100)}%`,
    Number.isFinite(most) ? `${grouped(f.schedules)} of ${grouped(most)}` : grouped(f.schedules),
    f.failures === 0 ? '' : counted(f.failures, 'failure'),
    `${grouped(rate)}/s`,
    counted(f.choicePoints, 'choice point'),
    Number.isNaN(f.explored) ? '' : shareOf(f.explored),
    seconds(f.elapsed),
  ]
    .filter((part) => part !== '')
    .join('  ')
  const lines = CELLS.map((cells) => `${name} ${barOf(done, cells)}${figures}`)
  return lines.find((line) => line.length <= width) ?? clip(lines.at(-1) as string, width)
}

function barOf(done: number, cells: number): string {
  const full = Math.floor(done * cells)
  return cells === 0 ? '' : `${'━'.repeat(full)}${'─'.repeat(cells - full)} `
}

function clip(text: string, width: number): string {
  return text.length > width ? `${text.slice(0, Math.max(0, width - 1))}…` : text
}
