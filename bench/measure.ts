import type { Contender, Goal, Row } from './row.ts'

/** Units per second, over the repetitions. */
export interface Figure {
  readonly name: string
  readonly median: number
  readonly min: number
  readonly max: number
}

export interface RivalFigure extends Figure {
  /** Our rate divided by the rival's; for an `atMostTime` goal, our time divided by the rival's. */
  readonly ratio: number
  readonly goal: Goal | null
  readonly met: boolean | null
}

export interface Result {
  readonly id: string
  readonly title: string
  readonly unit: string
  readonly ours: Figure
  readonly rivals: readonly RivalFigure[]
  readonly goalRate: number | null
  readonly goalRateMet: boolean | null
  readonly meaning: string
}

export interface Effort {
  readonly repetitions: number
  /** How long one repetition of one contender should take. */
  readonly seconds: number
  /** How long each contender runs before it counts: its code must have been compiled, and its heap have grown. */
  readonly warmUp: number
}

/**
 * Measures a row. The contenders take turns, so that whatever else the machine does meets them alike; each is
 * warmed up first, by the runs that find out how much work fills a repetition.
 */
export async function measure(row: Row, effort: Effort): Promise<Result> {
  const contenders: readonly Contender[] = [row.ours, ...row.rivals]
  try {
    const sizes: number[] = []
    for (const c of contenders) sizes.push(await calibrate(c, effort))
    const rates: number[][] = contenders.map(() => [])
    for (let i = 0; i < effort.repetitions; i++) {
      for (const [j, c] of contenders.entries()) {
        const { units, seconds } = await c.run(sizes[j] as number)
        rates[j]?.push(units / seconds)
      }
    }
    return judge(row, contenders.map((c, j) => figure(c.name, rates[j] as number[])))
  } finally {
    for (const c of contenders) c.close?.()
  }
}

/** Doubles the work until it fills a repetition, and goes on until everything is warm. */
async function calibrate(c: Contender, { seconds: target, warmUp }: Effort): Promise<number> {
  let spent = 0
  for (let size = 1; ; ) {
    const { seconds } = await c.run(size)
    spent += seconds
    if (seconds < target / 2) size *= 2
    else if (spent >= warmUp) return Math.max(1, Math.round((size * target) / seconds))
  }
}

function figure(name: string, rates: readonly number[]): Figure {
  const sorted = rates.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  const median = sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
  return { name, median, min: sorted[0] as number, max: sorted.at(-1) as number }
}

function judge(row: Row, figures: readonly Figure[]): Result {
  const [ours, ...others] = figures as [Figure, ...Figure[]]
  const rivals = others.map((f, i): RivalFigure => {
    const goal = row.rivals[i]?.goal ?? null
    if (goal !== null && 'atMostTime' in goal) {
      const ratio = f.median / ours.median
      return { ...f, ratio, goal, met: ratio <= goal.atMostTime }
    }
    const ratio = ours.median / f.median
    return { ...f, ratio, goal, met: goal === null ? null : ratio >= goal.atLeast }
  })
  const goalRate = row.goalRate ?? null
  const { id, title, unit, meaning } = row
  const goalRateMet = goalRate === null ? null : ours.median >= goalRate
  return { id, title, unit, ours, rivals, goalRate, goalRateMet, meaning }
}
