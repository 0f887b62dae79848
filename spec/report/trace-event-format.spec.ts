import { describe, expect, test } from 'vitest'
import * as kinds from '../../fixtures/failures/kinds.ts'
import { check, type FailureFile } from '../../src/index.ts'
import { perfettoTrace } from '../../src/report/perfetto.ts'
import { longFile } from '../support/failure-files.ts'

/**
 * The rules of the Trace Event Format (Google, "Trace Event Format", JSON object form) that this library's files use, each
 * as a list of what breaks it. Readers are lenient; a file that keeps to the rules looks the same in all of them.
 */
interface Event {
  readonly [field: string]: unknown
}

/** What each phase must have beside its name: numbers, and texts. */
const PHASES: Readonly<Record<string, { readonly numbers: readonly string[]; readonly texts: readonly string[] }>> = {
  M: { numbers: ['pid'], texts: [] },
  X: { numbers: ['pid', 'tid', 'ts', 'dur'], texts: ['cat'] },
  B: { numbers: ['pid', 'tid', 'ts'], texts: ['cat'] },
  E: { numbers: ['pid', 'tid', 'ts'], texts: [] },
  i: { numbers: ['pid', 'tid', 'ts'], texts: ['cat', 's'] },
  C: { numbers: ['pid', 'ts'], texts: [] },
  s: { numbers: ['pid', 'tid', 'ts', 'id'], texts: ['cat'] },
  f: { numbers: ['pid', 'tid', 'ts', 'id'], texts: ['cat'] },
}
/** The metadata that there is, and the argument of each. */
const METADATA: Readonly<Record<string, [argument: string, type: string]>> = {
  process_name: ['name', 'string'],
  process_labels: ['labels', 'string'],
  process_sort_index: ['sort_index', 'number'],
  thread_name: ['name', 'string'],
  thread_sort_index: ['sort_index', 'number'],
}

function number(e: Event, field: string): number {
  return typeof e[field] === 'number' ? e[field] : Number.NaN
}

function trackOf(e: Event): string {
  return `${String(e['pid'])}/${String(e['tid'])}`
}

function listed<T>(items: readonly T[], key: (item: T) => string): Map<string, T[]> {
  const lists = new Map<string, T[]>()
  for (const item of items) lists.set(key(item), [...(lists.get(key(item)) ?? []), item])
  return lists
}

/** Every breach of the format, in words. */
function breaches(text: string): string[] {
  const trace: { traceEvents?: unknown; displayTimeUnit?: unknown } = JSON.parse(text)
  const wrong: string[] = []
  const breach = (rule: string, e: unknown): unknown => wrong.push(`${rule}: ${JSON.stringify(e)}`)
  if (!Array.isArray(trace.traceEvents)) return ['traceEvents is no list']
  if (trace.displayTimeUnit !== 'ms' && trace.displayTimeUnit !== 'ns') breach('displayTimeUnit', trace.displayTimeUnit)
  const events = trace.traceEvents as Event[]
  for (const e of events) {
    const phase = PHASES[String(e['ph'])]
    if (phase === undefined) breach('a phase that there is', e)
    if (typeof e['name'] !== 'string') breach('a name', e)
    for (const field of phase?.numbers ?? []) if (!Number.isFinite(number(e, field))) breach(`a number ${field}`, e)
    for (const field of phase?.texts ?? []) if (typeof e[field] !== 'string') breach(`a text ${field}`, e)
    if (number(e, 'ts') < 0 || number(e, 'dur') < 0) breach('times from 0 on', e)
    if (e['args'] !== undefined && (typeof e['args'] !== 'object' || e['args'] === null)) breach('args are an object', e)
    const args = (e['args'] ?? {}) as Event
    if (e['ph'] === 'M') {
      const known = METADATA[String(e['name'])]
      if (known === undefined || typeof args[known[0]] !== known[1]) breach('metadata that there is, with its argument', e)
      if (String(e['name']).startsWith('thread_') && !Number.isFinite(number(e, 'tid'))) breach('metadata of a thread has its tid', e)
    }
    if (e['ph'] === 'i' && !['g', 'p', 't'].includes(String(e['s']))) breach('the scope of an instant', e)
    if (e['ph'] === 'C' && !Object.values(args).every((v) => typeof v === 'number')) breach('counters count', e)
  }
  slices(events, breach)
  flows(events, breach)
  tracks(events, breach)
  return wrong
}

/** Slices of a track nest: B and E pair, and X lie one inside the other or apart. Their times never go back. */
function slices(events: readonly Event[], breach: (rule: string, e: unknown) => void): void {
  const timed = events.filter((e) => ['X', 'B', 'E'].includes(String(e['ph'])))
  for (const track of listed(timed, trackOf).values()) {
    let last = Number.NEGATIVE_INFINITY
    const open: Event[] = []
    const ends: number[] = []
    for (const e of track) {
      const ts = number(e, 'ts')
      if (ts < last) breach('times of a track ascend', e)
      last = ts
      if (e['ph'] === 'B') open.push(e)
      if (e['ph'] === 'E' && open.pop() === undefined) breach('E ends a B', e)
      if (e['ph'] !== 'X') continue
      // Times are whole nanoseconds, written in microseconds.
      while (ends.length > 0 && ts >= (ends.at(-1) as number) - 1e-6) ends.pop()
      const end = ts + number(e, 'dur')
      if (ends.length > 0 && end > (ends.at(-1) as number) + 1e-6) breach('slices nest', e)
      ends.push(end)
    }
    for (const e of open) breach('B has its E', e)
  }
}

/** An s has one f with its id, category and name, not before it, and both lie in slices. */
function flows(events: readonly Event[], breach: (rule: string, e: unknown) => void): void {
  const boxes = listed(
    events.filter((e) => e['ph'] === 'X'),
    trackOf,
  )
  const flow = events.filter((e) => e['ph'] === 's' || e['ph'] === 'f')
  for (const pair of listed(flow, (e) => JSON.stringify([e['cat'], e['name'], e['id']])).values()) {
    const [s, f] = pair
    if (pair.length !== 2 || s?.['ph'] !== 's' || f?.['ph'] !== 'f') breach('an s and then its f', pair)
    else if (number(f, 'ts') < number(s, 'ts')) breach('an arrow goes forward', pair)
    else if (f['bp'] !== 'e') breach('the f is bound to the slice around it', f)
    for (const e of pair) {
      const ts = number(e, 'ts')
      const inside = boxes.get(trackOf(e))?.some((x) => number(x, 'ts') <= ts && ts <= number(x, 'ts') + number(x, 'dur'))
      if (inside !== true) breach('an end of an arrow lies in a slice', e)
    }
  }
  const ids = listed(flow, (e) => String(e['id']))
  for (const [id, same] of ids) if (same.length > 2) breach('an id is one arrow', id)
}

/** Each process and each track has a name, and one name. */
function tracks(events: readonly Event[], breach: (rule: string, e: unknown) => void): void {
  const named = (name: string): Map<string, Event[]> =>
    listed(
      events.filter((e) => e['ph'] === 'M' && e['name'] === name),
      (e) => (name === 'process_name' ? String(e['pid']) : trackOf(e)),
    )
  const [processes, threads] = [named('process_name'), named('thread_name')]
  for (const e of events) {
    if (processes.get(String(e['pid']))?.length !== 1) breach('a process has one name', e)
    if (e['tid'] !== undefined && threads.get(trackOf(e))?.length !== 1) breach('a track has one name', e)
  }
}

async function fileOf(body: () => unknown): Promise<FailureFile> {
  const { failure } = await check(body, { maxSteps: 500 })
  expect(failure).toBeDefined()
  return failure?.file as FailureFile
}

describe('trace files keep to the Trace Event Format', () => {
  test.each(Object.entries(kinds) as [string, () => unknown][])('a failure of the kind %s', async (_, body) => {
    const file = await fileOf(body)
    const text = perfettoTrace(file)
    expect(breaches(text)).toEqual([])
    const slicesIn = (JSON.parse(text).traceEvents as Event[]).filter((e) => e['ph'] === 'X' && e['pid'] === 1)
    expect(slicesIn).toHaveLength(new Set(file.failing.steps.map((s) => s.step)).size)
  })

  test('2,000 steps with shared values', () => {
    expect(breaches(perfettoTrace(longFile(2000, 6)))).toEqual([])
  })

  test('who woke whom is an arrow, with what was done as its name', async () => {
    const file = await fileOf(kinds.deadlock)
    const events = JSON.parse(perfettoTrace(file)).traceEvents as Event[]
    const arrows = events.filter((e) => e['cat'] === 'wake' && e['pid'] === 1 && e['ph'] === 's')
    expect(arrows.map((e) => e['name'])).toEqual((file.failing.wakes ?? []).map((w) => w.how))
    expect(arrows.length).toBeGreaterThan(0)
  })
})

describe('the rules see what breaks them', () => {
  const good: Event[] = [
    { ph: 'M', name: 'process_name', pid: 1, args: { name: 'p' } },
    { ph: 'M', name: 'thread_name', pid: 1, tid: 1, args: { name: 't' } },
    { ph: 'X', name: 'a', cat: 'step', pid: 1, tid: 1, ts: 0, dur: 10 },
    { ph: 'X', name: 'b', cat: 'step', pid: 1, tid: 1, ts: 20, dur: 10 },
    { ph: 's', name: 'w', cat: 'wake', id: 1, pid: 1, tid: 1, ts: 5 },
    { ph: 'f', bp: 'e', name: 'w', cat: 'wake', id: 1, pid: 1, tid: 1, ts: 25 },
  ]
  const text = (events: readonly Event[]): string => JSON.stringify({ displayTimeUnit: 'ms', traceEvents: events })
  const changed = (i: number, change: Event): string => text(good.map((e, j) => (i === j ? { ...e, ...change } : e)))

  test('a good trace', () => {
    expect(breaches(text(good))).toEqual([])
  })

  test.each([
    ['a phase that there is', changed(2, { ph: 'Q' })],
    ['metadata that there is', changed(0, { name: 'process' })],
    ['a number dur', changed(2, { dur: 'x' })],
    ['times of a track ascend', changed(3, { ts: -1 })],
    ['slices nest', changed(3, { ts: 5 })],
    ['an s and then its f', text(good.slice(0, 5))],
    ['an s and then its f', changed(5, { id: 2 })],
    ['an arrow goes forward', changed(5, { ts: 1 })],
    ['an end of an arrow lies in a slice', changed(5, { ts: 15 })],
    ['a track has one name', changed(2, { tid: 2 })],
    ['E ends a B', text([...good, { ph: 'E', name: 'b', pid: 1, tid: 1, ts: 40 }])],
    ['B has its E', text([...good, { ph: 'B', name: 'b', cat: 'c', pid: 1, tid: 1, ts: 40 }])],
  ])('%s', (rule, broken) => {
    expect(breaches(broken).some((b) => b.startsWith(rule)), breaches(broken).join('\n')).toBe(true)
  })
})
