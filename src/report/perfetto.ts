import type { FailureFile, ScheduleRecord, ValueRecord, WakeRecord } from '../explore/failure-file.ts'
import { layOut, type Row, rowOf } from './columns.ts'
import { placeInWords } from './place.ts'

/** One event of the Trace Event Format; times in microseconds. */
interface TraceEvent {
  readonly ph: 'M' | 'X' | 'i' | 's' | 'f' | 'C'
  readonly name: string
  readonly pid: number
  readonly tid?: number
  readonly ts?: number
  readonly dur?: number
  readonly [field: string]: unknown
}

/** A step's width where the schedule takes no virtual time at all: a millisecond. */
const STEP = 1000
/** All steps together are drawn at most this share of the virtual time wide. */
const SHARE = 0.1

/**
 * A failure as a trace file: the Trace Event Format (JSON), which https://ui.perfetto.dev and chrome://tracing open. A
 * process is a schedule (the failing one, then the neighbour that passes), a track a lane, a slice a step. An arrow leads
 * from the write of a shared value to a read of it in another lane, and from what a step does that makes another lane's
 * step ready to that step; numbers are counters; switches and the end are instants.
 *
 * Computing takes no virtual time, and a slice of no width cannot be seen. So each step is given a width of its own, and
 * what follows at the same instant stands beside it: a slice may begin later than its step, by a tenth of the whole
 * trace at most. The exact time is among its arguments, in seconds.
 *
 * @example
 * ```ts
 * writeFileSync('failure.trace.json', perfettoTrace(file))
 * ```
 */
export function perfettoTrace(file: FailureFile): string {
  const error = `${file.error.name}: ${file.error.message}`
  const name = file.name === '' ? 'the failing schedule' : `${file.name}: fails`
  const failing = scheduleEvents(file.failing, 1, name, `${file.kind}: ${error}`)
  const passing = file.passing && scheduleEvents(file.passing, 2, `passes if ${file.passing.words}`, 'passes')
  const events = [...failing, ...(passing ?? [])]
  const lines = events.map((e) => JSON.stringify(e)).join(',\n')
  const about = { kind: file.kind, error, token: file.failing.token, strategy: file.strategy, seed: file.seed }
  return `{"displayTimeUnit":"ms","otherData":${JSON.stringify(about)},"traceEvents":[\n${lines}\n]}\n`
}

function scheduleEvents(record: ScheduleRecord, pid: number, name: string, end: string): TraceEvent[] {
  const { columns, rows } = layOut(record)
  const { starts, width } = startsOf(rows)
  const startOf = (row: number): number => starts[row] ?? 0
  const events: TraceEvent[] = [
    { ph: 'M', name: 'process_name', pid, args: { name } },
    { ph: 'M', name: 'process_sort_index', pid, args: { sort_index: pid } },
    ...columns.flatMap((lane, i): TraceEvent[] => [
      { ph: 'M', name: 'thread_name', pid, tid: i + 1, args: { name: lane } },
      { ph: 'M', name: 'thread_sort_index', pid, tid: i + 1, args: { sort_index: i + 1 } },
    ]),
  ]
  const lost = record.omitted && rowOf(rows, record.omitted.entry)
  for (const [i, row] of rows.entries()) {
    const at = { pid, tid: row.column + 1, ts: startOf(i) }
    events.push({ ph: 'X', name: row.text, cat: 'step', ...at, dur: width, args: argsOf(record, rows, i) })
    if (i === lost) events.push({ ph: 'i', name: `${record.omitted?.count} steps not kept`, cat: 'omitted', s: 'p', ...at })
    if (row.preemption) events.push({ ph: 'i', name: 'switch', cat: 'switch', s: 't', ...at })
  }
  const last = rows.length - 1
  const ts = last < 0 ? 0 : startOf(last) + width
  const values = valueEvents(record.values, rows, pid, startOf, width)
  const wakes = wakeEvents(record.wakes ?? [], rows, pid, (row) => rounded(startOf(row) + width / 2))
  return [...events, ...values, ...wakes, { ph: 'i', name: end, cat: 'end', s: 'p', pid, tid: (rows[last]?.column ?? 0) + 1, ts }]
}

/** Where each row's slice begins: at its time, but not before the one before it has ended. */
function startsOf(rows: readonly Row[]): { readonly starts: readonly number[]; readonly width: number } {
  const span = (rows.at(-1)?.time ?? 0) * 1e6
  const width = span === 0 ? STEP : Math.max(0.001, rounded((span * SHARE) / rows.length))
  const starts: number[] = []
  for (const row of rows) starts.push(Math.max(rounded(row.time * 1e6), rounded((starts.at(-1) ?? -width) + width)))
  return { starts, width }
}

/** To the nanosecond, which is as fine as the format's readers go. */
function rounded(microseconds: number): number {
  return Math.round(microseconds * 1000) / 1000
}

function argsOf(record: ScheduleRecord, rows: readonly Row[], i: number): Record<string, unknown> {
  const row = rows[i]
  if (row === undefined) return {}
  const entries = record.steps.slice(row.entry, rows[i + 1]?.entry)
  const choice = entries[0]?.choice
  const at = entries.findLast((s) => s.at !== undefined)?.at
  return {
    step: row.step,
    'virtual time': row.time,
    ...(choice === undefined ? {} : { pick: `${choice.pick + 1} of ${choice.count}`, options: choice.options.join('; ') }),
    ...(at === undefined ? {} : { at: placeInWords(at) }),
  }
}

/** Counters for the values that are numbers; arrows from a write to what another lane reads of it. */
function valueEvents(
  values: readonly ValueRecord[],
  rows: readonly Row[],
  pid: number,
  startOf: (row: number) => number,
  width: number,
): TraceEvent[] {
  const events: TraceEvent[] = []
  const writes = new Map<string, number>()
  let id = pid * 1_000_000
  for (const v of values) {
    const row = rowOf(rows, v.entry)
    const tid = (rows[row]?.column ?? 0) + 1
    const number = v.value.trim() === '' ? Number.NaN : Number(v.value)
    if (Number.isFinite(number)) events.push({ ph: 'C', name: v.name, pid, ts: startOf(row), args: { value: number } })
    const write = writes.get(v.name)
    if (v.kind === 'write') writes.set(v.name, row)
    else if (write !== undefined && rows[write]?.column !== rows[row]?.column) {
      const arrow = { name: v.name, cat: 'shared', id: ++id, pid }
      const from = (rows[write]?.column ?? 0) + 1
      events.push({ ph: 's', ...arrow, tid: from, ts: rounded(startOf(write) + width / 2) })
      events.push({ ph: 'f', bp: 'e', ...arrow, tid, ts: rounded(startOf(row) + width / 2) })
    }
  }
  return events
}

/** Arrows from what makes a step ready to the step. */
function wakeEvents(wakes: readonly WakeRecord[], rows: readonly Row[], pid: number, middleOf: (row: number) => number): TraceEvent[] {
  const tidOf = (row: number): number => (rows[row]?.column ?? 0) + 1
  return wakes.flatMap((w, i): TraceEvent[] => {
    const [from, to] = [rowOf(rows, w.by), rowOf(rows, w.entry)]
    // Apart from the numbers of the arrows between values.
    const arrow = { name: w.how, cat: 'wake', id: pid * 1_000_000 + 500_000 + i, pid }
    const at = w.at === undefined ? {} : { args: { at: placeInWords(w.at) } }
    return [
      { ph: 's', ...arrow, tid: tidOf(from), ts: middleOf(from), ...at },
      { ph: 'f', bp: 'e', ...arrow, tid: tidOf(to), ts: middleOf(to) },
    ]
  })
}
