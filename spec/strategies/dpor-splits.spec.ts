import { describe, expect, it } from 'vitest'
import { explored, parsed } from '../../properties/traced-programs.ts'
import { Dpor } from '../../src/strategies/dpor.ts'
import { CommonConflicts, type Conflict } from '../../src/strategies/shards/conflicts.ts'
import { DporCells } from '../../src/strategies/shards/dpor-cells.ts'
import { Watched } from './watched.ts'

const MOST = 500

/** A search that is split by some conflicts. */
interface Split {
  readonly conflicts: readonly Conflict[]
  readonly cells: Watched
}

/** By some conflicts of the first execution: by each list of some of them, in the order in which they were found. */
function splits(words: string): Split[] {
  const search = new Dpor()
  let found: Conflict[] | undefined
  explored(parsed(words), new Watched(search, () => (found ??= new CommonConflicts().choose(search.tracker, 4))), 1)
  const conflicts = found ?? []
  return Array.from({ length: 2 ** conflicts.length - 1 }, (_, i) => {
    const some = conflicts.filter((__, k) => (((i + 1) >> k) & 1) === 1)
    return { conflicts: some, cells: new Watched(new DporCells({ index: 1, count: 1 }, some, search.tracker.names)) }
  })
}

describe('a search that is split by any conflicts comes to each trace once', () => {
  it.each([
    // Nothing could go on but what is held back: one waits for a condition that held before.
    'lock x0, write y0, release x0 | lock x0, write y0, release x0 | write y1',
    // Where the search starts over, what is run again does not count.
    'peek z0, mutex x0 | peek z0, mutex x1 | write x2',
    // What orders two that only read by then is what else happens in the execution.
    'exchange x0 | exchange x0 | write x1, write x2',
    'exchange y0, fail y0 | write z0, fail x1, read y0, exchange z1 | read x1, fail y1, exchange y0',
    'exchange x0, exchange x1, fail x1 | read x2, add x1 | exchange x0',
    'await x0, fork x2 | exchange x2, exchange x0, exchange x1, lock x1',
    'exchange x0 | read x1, fail y0, write z0 | write x1, read z0, write y1',
    // What a step touches hangs on what it has seen, or passed, or chosen.
    'turn x0, poke x1, peek x0 | turn x1, peek x0',
    'peek x1, peek x0 | join x1, join x0, peek x0 | poke x0',
    'write x2, write x1, join x0, exchange x1 | exchange x2',
    'add y1, add y1 | read y0, write x1, fork y0, release x2 | write x0',
  ])('%s', (words) => {
    const whole = explored(parsed(words), new Dpor(), MOST)
    expect(whole.report).toMatchObject({ exhausted: true })
    const lists = splits(words)
    expect(lists.length).toBeGreaterThan(0)
    for (const { cells } of lists) {
      const { traces, each, report } = explored(parsed(words), cells, MOST)
      expect(report.exhausted).toBe(true)
      expect(traces).toEqual(whole.traces)
      // The first cell has the orders in which the conflicts were seen.
      expect(each[0]).toBe(whole.each[0])
      expect(report.schedules).toBe(whole.report.schedules)
    }
  })

  it.each([
    // What a step accesses is known before it runs.
    'write x0 | write x1 | write x2',
    'add x0 | fork x2',
    // It is not: it is taken to be what it was in the first execution.
    'poke x0 | poke x1',
    'peek y2, poke x1 | add y1',
    'sleep x0, poke x0 | sleep x0, sleep x0, poke x1',
    'mutex x2 | mutex x1',
    'poke x0 | poke x1 | read y0, poke x2',
    'choose z0, write x0 | read y0, read y0, read y0, write x1',
  ])('and runs nothing else where each of these conflicts whatever comes before: %s', (words) => {
    const whole = new Watched(new Dpor())
    const { schedules } = explored(parsed(words), whole, MOST).report
    for (const { cells } of splits(words)) {
      expect(explored(parsed(words), cells, MOST).report.schedules).toBe(schedules)
      expect(cells.runs).toBe(schedules)
    }
  })

  it('and runs one execution where one order of two makes that of others impossible', () => {
    // If the second task writes x first, it has written y before.
    const words = 'write x0, write y0 | write y1, write x1'
    for (const { conflicts, cells } of splits(words)) {
      expect(explored(parsed(words), cells, MOST).report.schedules).toBe(3)
      expect(cells.runs).toBe(conflicts.length === 2 ? 4 : 3)
    }
  })

  it('and runs one execution for each combination of orders that can not be', () => {
    // With three writes of the one task, the other one has k + 1 places among k of them.
    const words = 'write x0, write x1, write x2 | write x2'
    for (const { conflicts, cells } of splits(words)) {
      expect(explored(parsed(words), cells, MOST).report.schedules).toBe(4)
      const k = conflicts.length
      expect(cells.runs).toBe(4 + 2 ** k - (k + 1))
    }
  })

  it('or to all there is, once it turns out that joins are accesses', () => {
    const words = 'one: write x0 | write x1'
    const whole = explored(parsed(words), new Dpor(), MOST)
    const [{ cells }] = splits(words) as [Split]
    const split = explored(parsed(words), cells, MOST)
    expect(split.traces).toEqual(whole.traces)
    // In the first one the others have ended, too. The second shows it, and does not count.
    expect(split.report.schedules).toBe(1 + whole.report.schedules)
    expect(cells.runs).toBe(2 + whole.report.schedules + whole.report.equivalent)
  })
})
