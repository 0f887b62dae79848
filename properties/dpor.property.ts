import * as fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { SEED } from './seed.ts'
import { explored, type Op, type Program } from './traced-programs.ts'

/** About nine programs of ten have fewer schedules; what has more costs most, and is left out. */
const BUDGET = 1000

function programs(...ops: Op['op'][]): fc.Arbitrary<Program> {
  const op: fc.Arbitrary<Op> = fc.record({
    op: fc.constantFrom(...ops),
    cell: fc.constantFrom(0 as const, 1 as const),
    value: fc.integer({ min: 0, max: 2 }),
  })
  return fc.array(fc.array(op, { minLength: 1, maxLength: 3 }), { minLength: 2, maxLength: 3 }).map((tasks) => ({ tasks, ending: 'all' }))
}

function sorted(set: Iterable<string>): string[] {
  return [...set].sort()
}

describe('dpor, against all schedules of random programs', () => {
  it('has each trace once: operations on cells, locks, guards, joins', () => {
    fc.assert(
      fc.property(
        programs('read', 'write', 'add', 'exchange', 'await', 'lock', 'release', 'join', 'fork'),
        (program) => {
          const all = explored(program, 'exhaustive', BUDGET)
          fc.pre(all.report.exhausted)
          const reduced = explored(program, 'dpor', BUDGET)
          expect(reduced.report.exhausted).toBe(true)
          expect(reduced.report.failures > 0).toBe(all.report.failures > 0)
          expect(sorted(reduced.traces)).toEqual(sorted(all.traces))
          // As many executions as traces: none was run twice.
          expect(reduced.report.schedules).toBe(all.traces.size)
        },
      ),
      { numRuns: 100, seed: SEED },
    )
  })

  it.each<[string, Op['op'][]]>([
    ['accesses within a step', ['read', 'add', 'peek', 'poke', 'join', 'fork']],
    ['the outside and the clock', ['read', 'add', 'pause', 'sleep', 'poke']],
    ['primitives', ['mutex', 'wait', 'set', 'read', 'poke']],
    ['values chosen within a step', ['read', 'add', 'choose', 'toss', 'peek', 'poke']],
    ['values and locks', ['toss', 'mutex', 'join', 'fork', 'await']],
    ['tasks that cancel one another while they await', ['read', 'poke', 'cancel', 'join', 'pause', 'sleep']],
    ['cancellation among primitives', ['cancel', 'mutex', 'wait', 'set', 'join', 'await', 'toss']],
  ])('reaches the same outcomes: %s', (_, ops) => {
    fc.assert(
      fc.property(programs(...ops), (program) => {
        const all = explored(program, 'exhaustive', BUDGET)
        fc.pre(all.report.exhausted)
        // A guess may be run beside what it stands for.
        const reduced = explored(program, 'dpor', 2 * BUDGET)
        expect(reduced.report.exhausted).toBe(true)
        expect(reduced.report.failures > 0).toBe(all.report.failures > 0)
        expect(sorted(reduced.outcomes)).toEqual(sorted(all.outcomes))
      }),
      { numRuns: 200, seed: SEED },
    )
  })
})
