import { describe, expect, it } from 'vitest'
import { bodyOf, Memory, parsed } from '../../properties/traced-programs.ts'
import { checkSync, createTask, type GeneratorBody, shared } from '../../src/index.ts'
import { CLOCK } from '../../src/strategies/dpor/recording.ts'
import type { Step } from '../../src/strategies/dpor/step.ts'
import { Dpor } from '../../src/strategies/dpor.ts'

function explored(body: GeneratorBody, strategy: Dpor | 'exhaustive' = new Dpor()): { schedules: number; exhausted: boolean } {
  const { schedules, exhausted } = checkSync(body, { strategy, assume: 'tracked', bail: false, leaks: 'ignore', schedules: 500 })
  return { schedules, exhausted }
}

const program = (words: string): GeneratorBody => () => bodyOf(parsed(words), new Memory())

describe('a reduction', () => {
  const reducible = program('add x0, add y0, add x0 | add x0, add y0 | read x0')
  // With no delay it can't be told how iterations fall: every schedule is run.
  const irreducible = program('later x0 | add y0')

  it('that has been used begins anew, whatever it was used for', () => {
    const expected = [explored(reducible), explored(irreducible)]
    expect(expected[1]).toEqual(explored(irreducible, 'exhaustive'))
    const used = new Dpor()
    const bodies = [reducible, irreducible]
    for (const turn of [0, 1, 1, 0, 1, 0]) expect(explored(bodies[turn] as GeneratorBody, used)).toEqual(expected[turn])
  })

  it('may be left with any number of tasks that have not begun', () => {
    const body = function* (): Generator<never, void> {
      const cell = shared(0)
      for (let i = 0; i < 60; i++) createTask(() => cell.write(i))
    }
    expect(explored(body)).toEqual({ schedules: 1, exhausted: true })
  })
})

/** Looks at the races of each execution: the pairs with a step between them that comes after the one and before the other. */
class WithNothingBetween extends Dpor {
  seen = 0
  readonly wrong: string[] = []

  protected override races(): readonly number[] {
    const races = super.races()
    const { steps } = this.tracker
    for (let r = 0; r < races.length; r += 2) {
      const [earlier, later] = [steps[races[r] as number] as Step, steps[races[r + 1] as number] as Step]
      // What waits for a condition, and the clock, race across what made them possible again.
      if (later.lane === CLOCK || later.operation?.guarded === true) continue
      this.seen++
      for (let k = earlier.index + 1; k < later.index; k++) {
        const between = steps[k] as Step
        if (!between.pending && this.happensBefore(earlier, between) && this.happensBefore(between, later)) {
          this.wrong.push(`${earlier.index} < ${k} < ${later.index} of ${races.join()}`)
        }
      }
    }
    return races
  }
}

describe('two steps race that depend on each other with nothing between them', () => {
  it.each([
    'poke x0, add y0 | peek x0, add y0 | read y0, poke x0',
    // The clock comes between those before it and those after it.
    'poke x0 | pause x0, poke x0 | sleep x1',
    'poke x0, pause y0, poke x1 | pause x0, peek x0 | sleep x1, poke x0',
    'peek x0, read y0 | pause x0, poke x0, add y0 | sleep x1, sleep x2',
  ])('%s', (words) => {
    const strategy = new WithNothingBetween()
    expect(explored(program(words), strategy).exhausted).toBe(true)
    expect(strategy.seen).toBeGreaterThan(0)
    expect(strategy.wrong).toEqual([])
  })
})
