import * as fc from 'fast-check'
import { settle } from '../../explore/options.ts'
import { ALL_VALUES, CLASSES, type Clock, NO_VALUES, type Order, type Phase, type Plan, type Rank } from './plan.ts'
import { makeSchedule, Schedule, type ScheduleOptions } from './schedule.ts'
import { KINDS, SERIAL, simplerPlans } from './simpler-plans.ts'

const RANKS: readonly Rank[] = ['oldest', 'newest', 'mixed', 'random']
const CLOCKS: readonly Clock[] = ['last', 'random', 'last', 'first']

/** A pure function of the numbers that fast-check gives, so that its seed and path find every value again. */
class Schedules extends fc.Arbitrary<Schedule> {
  readonly #options: ScheduleOptions

  constructor(options: ScheduleOptions) {
    super()
    this.#options = options
  }

  generate(random: fc.Random, biasFactor: number | undefined): fc.Value<Schedule> {
    const below = (n: number): number => random.nextInt(0, n - 1)
    const seed = random.nextInt(0, 0x7fffffff)
    const plain = biasFactor !== undefined && random.nextInt(1, biasFactor) === 1
    const order = plain ? (SERIAL[below(SERIAL.length)] as Order) : drawOrder(below)
    const clock = CLOCKS[below(CLOCKS.length)] as Clock
    const values = below(4) === 0 ? NO_VALUES : ALL_VALUES
    return this.#value({ seed, order, clock, values })
  }

  /** The context of a value is its plan: it is complete without having been run. */
  shrink(_value: Schedule, context: unknown): fc.Stream<fc.Value<Schedule>> {
    if (context === undefined) return fc.Stream.nil()
    return fc.stream(simplerPlans(context as Plan)).map((plan) => this.#value(plan))
  }

  /** A schedule made from a token is one run, and has none smaller. */
  canShrinkWithoutContext(value: unknown): value is Schedule {
    return value instanceof Schedule
  }

  #value(plan: Plan): fc.Value<Schedule> {
    return new fc.Value(makeSchedule({ plan }, this.#options), plan)
  }
}

/** Half of them at random throughout: nothing is likelier than any other order. The rest by all other ways, most without chance. */
function drawOrder(below: (n: number) => number): Order {
  const kind = below(16)
  if (kind < 6) return { kind: 'phases', phases: [{ from: 0, rank: 'random' }] }
  if (kind < 8) return { kind: 'phases', phases: [{ from: 0, rank: 'mixed' }] }
  if (kind < 12) {
    const orders = KINDS[below(KINDS.length)] as readonly Order[]
    return orders[below(orders.length)] as Order
  }
  const rank = (): Rank => RANKS[below(RANKS.length)] as Rank
  if (kind < 13) return { kind: 'cycle', every: 1 + below(4), ranks: [rank(), rank()] }
  if (kind < 14) return { kind: 'defer', classes: 1 + below(2 ** CLASSES - 1), rank: rank() }
  const phases: Phase[] = [{ from: 0, rank: rank() }]
  for (let left = 1 + below(3); left > 0; left--) phases.push({ from: (phases.at(-1) as Phase).from + 1 + below(3), rank: rank() })
  return { kind: 'phases', phases }
}

/**
 * Orders of events, as an arbitrary. Each value runs a body once, under one schedule, and shrinks together with the other
 * inputs of the property: towards lanes that run in one piece, with one or two switches. fast-check's seed and path replay
 * it, as everything else. How the schedules are drawn, and why they are no lists of picks, is told in `plan.ts`.
 *
 * The options shape the run as they do for `explore`: `permute`, `setup`, `leaks`, `maxSteps`, `globals` …
 *
 * @throws TypeError or RangeError for a wrong option
 * @example
 * ```ts
 * import fc from 'fast-check'
 * import { schedules } from 'heddle/fast-check'
 *
 * await fc.assert(fc.asyncProperty(fc.array(fc.nat(9)), schedules(), async (amounts, s) => {
 *   const account = new Account()
 *   await s.run(() => Promise.all(amounts.map((n) => account.deposit(n))))
 *   return account.balance === amounts.reduce((a, b) => a + b, 0)
 * }))
 * ```
 */
export function schedules(options: ScheduleOptions = {}): fc.Arbitrary<Schedule> {
  settle(options)
  return new Schedules(options)
}

/**
 * The schedule of a token, followed strictly: for the `examples` of a property, which fast-check runs first.
 *
 * @throws when it runs, InvalidTokenError for a damaged token and ReplayMismatchError if the program has changed since
 * @example
 * ```ts
 * const property = fc.asyncProperty(schedules(), (s) => s.run(raceOfDeposits))
 * await fc.assert(property, { examples: [[scheduleOf(failure.token)]] }) // throws Error: the first run is the one that failed
 * ```
 */
export function scheduleOf(token: string, options: ScheduleOptions = {}): Schedule {
  settle({ ...options, replay: token })
  return makeSchedule({ token }, options)
}
