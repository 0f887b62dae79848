import { describe, expect, test } from 'vitest'
import { perfettoTrace } from '../../src/report/perfetto.ts'
import { failureFileOf, longFile, scheduleRecordOf, stepRecord } from '../support/failure-files.ts'

interface Event {
  readonly ph: string
  readonly name: string
  readonly pid: number
  readonly tid: number
  readonly ts: number
  readonly dur: number
  readonly id: number
  readonly s: string
  readonly args: Record<string, unknown>
}

function eventsOf(text: string): readonly Event[] {
  const trace: { traceEvents: readonly Event[] } = JSON.parse(text)
  return trace.traceEvents
}

function named(events: readonly Event[], ph: string, name?: string): Event[] {
  return events.filter((e) => e.ph === ph && (name === undefined || e.name === name))
}

const shares = failureFileOf({
  failing: scheduleRecordOf(
    [
      stepRecord(1, { label: 'start' }),
      stepRecord(2, { task: 'save', lane: 2, label: 'get', kind: 'external', choice: { pick: 1, count: 3, options: ['a', 'b', 'c'] } }),
      stepRecord(2, { task: 'save', lane: 2, label: 'get', at: { file: 'a.ts', line: 3, column: 2 } }),
      stepRecord(3, { task: 'load', lane: 3, label: 'put', preemption: true, time: 2 }),
    ],
    [
      { entry: 2, name: 'n', kind: 'write', value: '5' },
      { entry: 2, name: 'n', kind: 'read', value: '5' },
      { entry: 2, name: 'who', kind: 'write', value: "'save'" },
      { entry: 3, name: 'n', kind: 'read', value: '5' },
    ],
  ),
})

describe('a trace file', () => {
  const events = eventsOf(perfettoTrace(shares))

  test('has a track a lane, named after it', () => {
    expect(named(events, 'M', 'thread_name').map((e) => [e.tid, e.args['name']])).toEqual([
      [1, 'main'],
      [2, 'save'],
      [3, 'load'],
    ])
  })

  test('a slice a step, an external and what follows at once in one, with what is known of it', () => {
    const slices = named(events, 'X')
    expect(slices.map((e) => [e.tid, e.name, e.args['step'], e.args['virtual time']])).toEqual([
      [1, 'start', 1, 0],
      [2, 'get', 2, 0],
      [3, 'put', 3, 2],
    ])
    expect(slices[1]?.args).toMatchObject({ pick: '2 of 3', options: 'a; b; c', at: 'a.ts:3:2' })
  })

  test('switches and the end are instants, at their step and after the last', () => {
    const last = named(events, 'X').at(-1) as Event
    expect(named(events, 'i', 'switch').map((e) => [e.tid, e.ts])).toEqual([[3, last.ts]])
    const end = named(events, 'i', 'error: Error: lost update: 1')
    expect(end.map((e) => e.ts)).toEqual([last.ts + last.dur])
  })

  test('an arrow from a write to what another lane reads of it, inside their slices', () => {
    const [from, to, ...more] = events.filter((e) => e.ph === 's' || e.ph === 'f')
    expect(more).toEqual([])
    expect([from?.ph, from?.tid, to?.ph, to?.tid]).toEqual(['s', 2, 'f', 3])
    expect(from?.id).toBe(to?.id)
    for (const e of [from, to]) {
      const slice = named(events, 'X').find((x) => x.tid === e?.tid)
      expect(slice && e && slice.ts < e.ts && e.ts < slice.ts + slice.dur).toBe(true)
    }
    expect(named(events, 'C').map((e) => [e.name, e.args['value']])).toEqual([['n', 5], ['n', 5], ['n', 5]])
  })

  test('the neighbour that passes is a process of its own', () => {
    const passing = { ...scheduleRecordOf([stepRecord(1)]), words: 'so', entry: 0 }
    const both = eventsOf(perfettoTrace({ ...shares, passing }))
    expect(named(both, 'M', 'process_name').map((e) => [e.pid, e.args['name']])).toEqual([
      [1, 'two deposits: fails'],
      [2, 'passes if so'],
    ])
    expect(named(both, 'X').filter((e) => e.pid === 2)).toHaveLength(1)
  })

  test.each([
    ['in an instant', (i: number) => Math.floor(i / 1e9)],
    ['steadily', (i: number) => i / 4],
    ['most of it at the very end', (i: number) => (i < 90 ? 3600 : 3600 + i / 1e6)],
    ['in bursts of nanoseconds', (i: number) => Math.floor(i / 50) * 1e-6],
  ])('slices never overlap, and stand at their time or a tenth of the whole later: %s', (_, time) => {
    const steps = Array.from({ length: 100 }, (__, i) => stepRecord(i + 1, { lane: i % 3, task: `t${i % 3}`, time: time(i) }))
    const slices = named(eventsOf(perfettoTrace(failureFileOf({ failing: scheduleRecordOf(steps) }))), 'X')
    const span = time(99) * 1e6
    for (const [i, e] of slices.entries()) {
      const before = slices[i - 1]
      expect(e.dur).toBeGreaterThan(0)
      expect(e.ts).toBeGreaterThanOrEqual((before?.ts ?? 0) + (before?.dur ?? 0) - 1e-6)
      const late = e.ts - time(i) * 1e6
      expect(late).toBeGreaterThanOrEqual(-0.001)
      // A nanosecond is the narrowest.
      if (span > 0) expect(late).toBeLessThanOrEqual(Math.max(span / 10, 0.1) + 0.001)
    }
  })

  test('says where steps were not kept', () => {
    const all = eventsOf(perfettoTrace({ ...shares, failing: { ...shares.failing, omitted: { entry: 3, count: 70 } } }))
    expect(named(all, 'i', '70 steps not kept').map((e) => e.ts)).toEqual([named(all, 'X').at(-1)?.ts])
  })

  test('any text is only text', () => {
    const evil = '"}],</script>\u2028\ud800'
    const file = failureFileOf({ name: evil, failing: scheduleRecordOf([stepRecord(1, { task: evil, label: evil })]) })
    expect(named(eventsOf(perfettoTrace(file)), 'X').map((e) => e.name)).toEqual([evil])
    expect(eventsOf(perfettoTrace(longFile(2000, 6))).filter((e) => e.ph === 'X')).toHaveLength(2000)
  })
})
