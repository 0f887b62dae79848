import { type Contender, type CountRow, type Goal, isCounted, type RateRow, type Row } from './row.ts'

/** Units per second over the repetitions; where it is counted, how many it took over the seeds. */
export interface Figure {
  readonly name: string
  readonly median: number
  readonly min: number
  readonly max: number
}

export interface RivalFigure extends Figure {
  readonly id: string
  /**
   * How many times the rival's rate ours is, or how many times less ours takes: more is better. It is the median over the
   * repetitions, in each of which both had their turn, so that what slows the machine down slows down both.
   */
  readonly ratio: number
  readonly goal: Goal | null
  readonly met: boolean | null
}

export interface Result {
  readonly id: string
  readonly title: string
  readonly unit: string
  /** True where less is better. */
  readonly counted: boolean
  readonly ours: Figure
  readonly rivals: readonly RivalFigure[]
  /** The rate to reach, or the number not to exceed. */
  readonly goal: number | null
  readonly met: boolean | null
  readonly meaning: string
}

export interface Effort {
  readonly repetitions: number
  /** How long one repetition of one contender should take. */
  readonly seconds: number
  /** How long each contender runs before it counts: its code must have been compiled, and its heap have grown. */
  readonly warmUp: number
  /** Over how many seeds a median is taken of what is counted. */
  readonly seeds: number
}

/** Measures a row. */
export function measure(row: Row, effort: Effort): Promise<Result> {
  return isCounted(row) ? counted(row, effort) : timed(row, effort)
}

/** The contenders take turns; each is warmed up first, by the runs that find out how much work fills a repetition. */
async function timed(row: RateRow, effort: Effort): Promise<Result> {
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
    return judge(row, rates)
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

function judge(row: RateRow, [own = [], ...others]: readonly (readonly number[])[]): Result {
  const ours = figure(row.ours.name, own)
  const rivals = row.rivals.map((rival, j): RivalFigure => {
    const rates = others[j] as readonly number[]
    const ratio = median(own.map((rate, i) => rate / (rates[i] as number)))
    const goal = rival.goal ?? null
    const least = goal === null ? null : 'atLeast' in goal ? goal.atLeast : 1 / goal.atMostTime
    return { ...figure(rival.name, rates), id: rival.id, ratio, goal, met: least === null ? null : ratio >= least }
  })
  const goal = row.goalRate ?? null
  return { ...titles(row), counted: false, ours, rivals, goal, met: goal === null ? null : ours.median >= goal }
}

async function counted(row: CountRow, { seeds }: Effort): Promise<Result> {
  const counts: number[][] = []
  for (const contender of [row.ours, ...row.rivals]) {
    const all: number[] = []
    for (let seed = 1; seed <= seeds; seed++) all.push(await contender.count(seed))
    counts.push(all)
  }
  const [own = [], ...others] = counts
  const ours = figure(row.ours.name, own)
  const rivals = row.rivals.map(({ id, name }, i): RivalFigure => {
    const theirs = figure(name, others[i] as readonly number[])
    return { ...theirs, id, ratio: theirs.median / ours.median, goal: null, met: null }
  })
  const goal = row.goalCount ?? null
  return { ...titles(row), counted: true, ours, rivals, goal, met: goal === null ? null : ours.median <= goal }
}

function titles({ id, title, unit, meaning }: Row): Pick<Result, 'id' | 'title' | 'unit' | 'meaning'> {
  return { id, title, unit, meaning }
}

function figure(name: string, values: readonly number[]): Figure {
  return { name, median: median(values), min: Math.min(...values), max: Math.max(...values) }
}

export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b)
  const middle = sorted.length >> 1
  const upper = sorted[middle] as number
  return sorted.length % 2 === 1 ? upper : ((sorted[middle - 1] as number) + upper) / 2
}
