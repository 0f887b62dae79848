import { describe, expect, it } from 'vitest'
import { bodyOf, explored as seen, Memory, parsed } from '../../properties/traced-programs.ts'
import { checkSync, createTask, gather, type GeneratorBody, pause, shared, type Suspension } from '../../src/index.ts'
import { CLOCK } from '../../src/strategies/dpor/recording.ts'
import { READ, type Step, WRITE } from '../../src/strategies/dpor/step.ts'
import { Dpor } from '../../src/strategies/dpor.ts'
import type { ChoicePoint, RunOutcome } from '../../src/strategies/strategy.ts'

function explored(body: GeneratorBody, strategy: Dpor | 'exhaustive' = new Dpor()): { schedules: number; exhausted: boolean; equivalent: number } {
  const { schedules, exhausted, equivalent } = checkSync(body, { strategy, assume: 'tracked', bail: false, leaks: 'ignore', schedules: 500 })
  return { schedules, exhausted, equivalent }
}

const program = (words: string): GeneratorBody => () => bodyOf(parsed(words), new Memory())

describe('a reduction', () => {
  const reducible = program('add x0, add y0, add x0 | add x0, add y0 | read x0')
  // With no delay it can't be told how iterations fall: every schedule is run.
  const irreducible = program('later x0 | add y0')
  // Waiting for a task is no access there; where one is cancelled it is.
  const joining: GeneratorBody = function* () {
    const [x, y] = [shared(0), shared(0)]
    const first = createTask(() => x.write(1))
    yield* gather([first, createTask(function* () {
      yield* y.write(1)
      yield* first
    })])
  }
  // What it has seen of steps it recalls when it asks what they would touch in another order.
  const remembering = program('one: look x2 | collect x1')
  // What is outside writes to a cell; in another program somebody waits for a condition on the one that has its number.
  const sending = program('send x1 | read x0')
  const waiting = program('await x1 | poke x1')
  const cancelling: GeneratorBody = function* () {
    const task = createTask(() => pause())
    yield* pause()
    task.cancel()
    yield* gather([task], { returnExceptions: true })
  }

  it('that has been used begins anew, whatever it was used for', () => {
    const expected = [reducible, irreducible, joining, cancelling, remembering, sending, waiting].map((body) => explored(body))
    const { schedules, exhausted } = explored(irreducible, 'exhaustive')
    expect(expected[1]).toMatchObject({ schedules, exhausted })
    expect(expected[2]).toEqual({ schedules: 1, exhausted: true, equivalent: 0 })
    const used = new Dpor()
    const bodies = [reducible, irreducible, joining, cancelling, remembering, sending, waiting]
    for (const turn of [0, 1, 1, 0, 1, 0, 2, 3, 2, 0, 4, 4, 6, 5, 6]) expect(explored(bodies[turn] as GeneratorBody, used)).toEqual(expected[turn])
  })

  it('may be left with any number of tasks that have not begun', () => {
    const body = function* (): Generator<never, void> {
      const cell = shared(0)
      for (let i = 0; i < 60; i++) createTask(() => cell.write(i))
    }
    expect(explored(body)).toEqual({ schedules: 1, exhausted: true, equivalent: 0 })
  })
})

describe('of what could still have happened when a run ended', () => {
  it('the reduction knows what it is, and what it would touch where that can be known', () => {
    const left: unknown[] = []
    class AtTheEnd extends Dpor {
      override end(outcome: RunOutcome): void {
        const { steps, length, pending } = this.tracker
        for (const { external, declared, kinds } of steps.slice(length, length + pending)) left.push({ external, declared, kinds })
        super.end(outcome)
      }
    }
    const body = function* (): Generator<Suspension, void> {
      const [x, y, z] = [shared(0), shared(0), shared(0)]
      createTask(() => x.write(1))
      createTask(() => y.read())
      createTask(() => pause())
      yield* z.read()
    }
    checkSync(body, { strategy: new AtTheEnd(), assume: 'tracked', leaks: 'ignore', schedules: 1 })
    expect(left).toEqual([
      { external: true, declared: false, kinds: [] },
      { external: false, declared: true, kinds: [WRITE] },
      { external: false, declared: true, kinds: [READ] },
    ])
  })
})

/** Begins with what FIFO would do last: the clock before what is outside, say. */
class FromTheEnd extends Dpor {
  protected override freely(point: ChoicePoint): number {
    return point.count - 1
  }
}

describe('wherever a reduction begins it comes to all that all schedules come to', () => {
  it.each([
    'fail: pause x1, poke y0 | later y2, poke x0 | poke y0',
    'pause y0, poke x0, read y0 | sleep y1, read x1',
    'sleep x2, sleep y2 | pause x0, poke y0, sleep x2',
    'pause x2, poke x0 | peek x1 | pause x0, sleep x1',
    'ask y0, collect z2 | poke z2',
    'lock x0, add y0, release x0 | lock x0, add y0, release x0',
  ])('%s', (words) => {
    const all = seen(parsed(words), 'exhaustive', 500)
    const reduced = seen(parsed(words), new FromTheEnd(), 500)
    expect([all.report.exhausted, reduced.report.exhausted]).toEqual([true, true])
    expect(reduced.traces).toEqual(all.traces)
    expect(reduced.report.schedules).toBeLessThanOrEqual(all.report.schedules)
  })
})

/** Looks at the races of each execution: the pairs with a step between them that comes after the one and before the other. */
class WithNothingBetween extends Dpor {
  count = 0
  readonly wrong: string[] = []

  protected override races(): readonly number[] {
    const races = super.races()
    const { steps } = this.tracker
    for (let r = 0; r < races.length; r += 2) {
      const [earlier, later] = [steps[races[r] as number] as Step, steps[races[r + 1] as number] as Step]
      // What waits for a condition, and the clock, race across what made them possible again.
      if (later.lane === CLOCK || later.operation?.guarded === true) continue
      this.count++
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
    // So does a step that waits for what bookkeeping ends.
    'poke y2, read x2, peek x1 | collect x0, peek x0 | read y0, sleep y0, peek y2',
  ])('%s', (words) => {
    const strategy = new WithNothingBetween()
    expect(explored(program(words), strategy).exhausted).toBe(true)
    expect(strategy.count).toBeGreaterThan(0)
    expect(strategy.wrong).toEqual([])
  })
})
