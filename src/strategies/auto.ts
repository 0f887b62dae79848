import { Disturbances } from './disturbances.ts'
import { Explored } from './explored.ts'
import { ask } from './portfolio.ts'
import { Prng } from './prng.ts'
import { samplers } from './samplers.ts'
import { Turns } from './turns.ts'
import type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from './strategy.ts'

/** FIFO and so many schedules of the portfolio come before the number of schedules is estimated. */
const SAMPLE = 100
/** Up to so many schedules are all run in the portfolio's order, which finds failures sooner than depth first. */
const KEPT = 20_000
/** More choices than this are not kept: the program is not small. */
const MEMORY = 1_000_000

/**
 * The default. FIFO comes first, then a portfolio takes turns, and no schedule is run twice: each goes on as its
 * strategy says as long as something new is left there. So a program with few schedules ends in a proof, after exactly
 * as many schedules as it has.
 *
 * After 100 schedules of the portfolio their number is estimated, as by Knuth (1975, "Estimating the efficiency of
 * backtrack programs"): the product of the numbers of open options along a random schedule is an unbiased estimate of
 * how many schedules are left. If the mean of these fits what is left of the budget, all of them are run: in the
 * portfolio's order if they are few, else depth first, which takes memory for one schedule only. If not, the portfolio
 * goes on and what was run is forgotten, since a large program hardly ever repeats a schedule.
 *
 * Faults and cancellations take turns among their places, whatever the members would draw.
 */
export class Auto implements Strategy {
  readonly name = 'auto'
  readonly #budget: number
  readonly #memory: number
  readonly #prng = new Prng()
  readonly #disturbances = new Disturbances()
  #turns = new Turns([])
  /** The member whose schedules are the probes: the random walk. */
  #probe: Strategy | undefined
  #counter: Strategy | undefined
  #explored: Explored | null = null
  #depthFirst = false
  #current: Strategy | undefined
  #schedule = 0
  #sum = 0
  #probes = 0

  constructor(budget: number, memory = MEMORY) {
    this.#budget = budget
    this.#memory = memory
  }

  get watches(): boolean {
    return this.#current?.watches === true
  }

  begin(run: RunInfo): boolean {
    const { schedule, seed } = run
    if (schedule === 1) this.#start()
    if (this.#explored?.done) return false
    if (schedule === SAMPLE + 2 || (this.#explored?.size ?? 0) > this.#memory) this.#decide(schedule)
    this.#schedule = schedule
    this.#explored?.begin()
    this.#disturbances.begin(schedule)
    this.#prng.seed(seed, -schedule)
    if (this.#depthFirst) {
      this.#current = undefined
      return true
    }
    // The first schedule is FIFO: it is what surw counts with, for the others too.
    if (schedule === 1) {
      this.#current = this.#counter
      return this.#counter?.begin(run) ?? false
    }
    const turn = schedule - 1
    const member = this.#turns.at(turn)
    this.#current = member
    return member.begin(this.#turns.runOf(turn, run))
  }

  get estimate(): number | undefined {
    return this.#probes === 0 ? undefined : this.#sum / this.#probes
  }

  #start(): void {
    this.#turns = new Turns(samplers())
    const { strategies } = this.#turns
    this.#counter = strategies.find((m) => m.name === 'surw')
    this.#probe = strategies.find((m) => m.name === 'random')
    this.#explored = new Explored()
    this.#depthFirst = false
    this.#sum = 0
    this.#probes = 0
  }

  /** Whether to go on to the last schedule. */
  #decide(schedule: number): void {
    const left = this.#probes === 0 ? Number.POSITIVE_INFINITY : this.#sum / this.#probes - (schedule - 1)
    const fits = left <= this.#budget - schedule + 1
    if (!fits) this.#explored = null
    else if (left > KEPT || (this.#explored?.size ?? 0) > this.#memory) this.#depthFirst = true
  }

  step(option: Option): void {
    this.#current?.step?.(option)
  }

  access(access: Access): void {
    this.#current?.access?.(access)
  }

  pick(point: ChoicePoint): number {
    const k = this.#current === undefined ? 0 : this.#wish(point, this.#current)
    return this.#explored?.follow(point.count, k, this.#depthFirst ? null : this.#prng) ?? k
  }

  /** The probes must draw all options alike: else the estimate would not be one. */
  #wish(point: ChoicePoint, current: Strategy): number {
    if (point.disturbs !== true) return ask(current, point)
    const k = this.#disturbances.pick(point.count, this.#prng)
    return current === this.#probe && this.#explored !== null ? ask(current, point) : k
  }

  end(outcome: RunOutcome): void {
    this.#current?.end?.(outcome)
    this.#disturbances.end()
    const explored = this.#explored
    if (explored === null) return
    if (this.#current === this.#probe) {
      this.#sum += this.#schedule - 1 + explored.open
      this.#probes++
    }
    explored.end()
  }
}

/**
 * The default strategy, for a budget of so many schedules.
 *
 * @example
 * ```ts
 * await check(body, { strategy: auto({ schedules: 5000 }), schedules: 5000 })
 * ```
 */
export function auto(options?: { schedules?: number }): Strategy {
  return new Auto(options?.schedules ?? 1000)
}
