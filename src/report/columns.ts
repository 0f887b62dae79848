import type { Trace, TraceStep } from '../explore/trace.ts'

/** One line of the picture: a step, in the column of its lane. */
export interface Row {
  /** The index into the trace of the first entry that it stands for. */
  readonly entry: number
  readonly step: number
  /** Virtual seconds. */
  readonly time: number
  /** Which column, from 0. */
  readonly column: number
  /** What the step had waited for. */
  readonly text: string
  /** Whether it left a lane that could have gone on. */
  readonly preemption: boolean
}

/** A schedule as a table: a column a lane, a row a step. */
export interface Table {
  readonly columns: readonly string[]
  readonly rows: readonly Row[]
}

/**
 * Lays a trace out by lanes. A task's first lane has the task's name; each further one (a `Promise.all` in one task
 * has several) the name and its number. What runs in no task shares a column for its kind.
 */
export function layOut(trace: Trace): Table {
  const columns = new Columns(trace.steps)
  const rows: Row[] = []
  for (const [i, s] of trace.steps.entries()) {
    // An external's completion and the resumption that follows at once are one step, and so one row.
    const before = trace.steps[i - 1]
    if (before?.step === s.step) continue
    rows.push({ entry: i, step: s.step, time: s.time, column: columns.of(s), text: words(s), preemption: s.preemption })
  }
  return { columns: columns.names, rows }
}

/** The row that an entry of the trace is in. */
export function rowOf(rows: readonly Row[], entry: number): number {
  let low = 0
  let high = rows.length
  while (low < high) {
    const middle = (low + high) >> 1
    if ((rows[middle] as Row).entry <= entry) low = middle + 1
    else high = middle
  }
  return Math.max(0, low - 1)
}

class Columns {
  readonly names: string[] = []
  readonly #columns = new Map<string, number>()
  readonly #tasks = new Map<number, string>()
  readonly #lanesOf = new Map<string, number>()

  constructor(steps: readonly TraceStep[]) {
    for (const s of steps) {
      if (s.lane !== undefined && s.task !== undefined && !this.#tasks.has(s.lane)) this.#tasks.set(s.lane, s.task)
    }
  }

  of(s: TraceStep): number {
    const task = s.lane === undefined ? undefined : this.#tasks.get(s.lane)
    const key = task === undefined ? s.kind : `lane ${s.lane}`
    const known = this.#columns.get(key)
    if (known !== undefined) return known
    this.#columns.set(key, this.names.length)
    return this.names.push(task === undefined ? nameOfKind(s.kind) : this.#nextLane(task)) - 1
  }

  #nextLane(task: string): string {
    const n = (this.#lanesOf.get(task) ?? 0) + 1
    this.#lanesOf.set(task, n)
    return n === 1 ? task : `${task}·${n}`
  }
}

function nameOfKind(kind: TraceStep['kind']): string {
  switch (kind) {
    case 'handle':
      return 'callbacks'
    case 'external':
      return 'outside'
    case 'clock':
      return 'clock'
    case 'value':
      return 'choose'
  }
}

function words(s: TraceStep): string {
  if (s.kind === 'clock') return 'time passes'
  if (s.kind === 'value') {
    // The values of a fault or a cancellation have names of their own.
    if (s.label !== undefined && new Set(s.choice?.options).size > 1) return s.label
    const of = s.choice === undefined ? '' : `option ${s.choice.pick + 1} of ${s.choice.count}`
    return `${s.label ?? 'choose'}: ${of}`
  }
  return s.label ?? (s.kind === 'external' ? 'an external operation' : 'a callback')
}
