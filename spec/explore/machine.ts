import type { Fault, Outcome, Request } from '../../src/explore/execution.ts'
import { isPreemption } from '../../src/explore/measure.ts'
import { Lenient } from '../../src/explore/picks.ts'
import type { Chooser, Observer } from '../../src/loop/chooser.ts'
import type { Option } from '../../src/loop/runnable.ts'
import { pointOf, values } from '../strategies/points.ts'

/** A program that is nothing but its lanes and their steps, so that thousands of runs take no time. */
export interface Machine {
  /** How many steps each lane has; they are all there from the beginning, in this order. */
  readonly lanes: readonly number[]
  /** How many values a step of a lane chooses from, before it; none if there is nothing to choose. */
  readonly values?: (lane: number, step: number) => number
  /** Whose lane it is; else each is a task of its own. */
  readonly task?: (lane: number) => string
  /** What a step waited for; else each step of a lane has a name of its own. */
  readonly label?: (lane: number, step: number) => string
  /** What is wrong with a run, by its lanes in order and its values; null: it passes. */
  readonly fault: (order: string, values: readonly number[]) => Fault | null
  /** The first lane makes the others in its first step, as a main task does. */
  readonly main?: boolean
  /** Whether a run ends before all lanes have. */
  readonly ends?: (values: readonly number[]) => boolean
  /** What a run is said to have taken; else its steps. */
  readonly steps?: (values: readonly number[]) => number
}

export const failed: Fault = { kind: 'error', error: new Error('it failed') }

/** Under FIFO the lanes take turns. */
export function runMachine(machine: Machine, chooser: Chooser & Partial<Observer>): Outcome {
  const jobs = machine.lanes.map((n, lane) => ({ lane, left: n, done: 0 }))
  const queue = machine.main === true ? jobs.splice(0, 1) : jobs.splice(0)
  const order: number[] = []
  const chosen: number[] = []
  let lastLane = -1
  while (queue.length > 0 && machine.ends?.(chosen) !== true) {
    const options = queue.map(({ lane, done }): Option => ({ kind: 'handle', id: lane, lane, task: machine.task?.(lane) ?? `t${lane}`, label: machine.label?.(lane, done) ?? `s${done}` }))
    const k = options.length === 1 ? 0 : chooser.choose(pointOf(options, lastLane, order.length))
    const [job] = queue.splice(k, 1)
    if (job === undefined) throw new Error(`there is no option ${k}`)
    lastLane = job.lane
    order.push(job.lane)
    chooser.step?.(options[k] as Option, { steps: order.length, time: () => 0 })
    const count = machine.values?.(job.lane, job.done) ?? 0
    if (count > 1) chosen.push(chooser.choose(values(count, job.lane)))
    job.done++
    queue.push(...jobs.splice(0))
    if (--job.left > 0) queue.push(job)
  }
  const fault = machine.fault(order.join(''), chosen)
  return { fault, steps: machine.steps?.(chosen) ?? order.length, marks: null, idled: false, places: { faults: null, cancellations: null }, value: undefined, cut: false }
}

/** One run, as it comes out: its picks that are not 0, its preemptions, its tasks, whether it fails. */
export interface Seen {
  readonly picks: ReadonlyMap<number, number>
  readonly preemptions: number
  readonly steps: number
  readonly tasks: number
  readonly fails: boolean
}

interface Observed extends Seen {
  readonly counts: readonly number[]
  readonly all: readonly number[]
  readonly outcome: Outcome
}

function observed(machine: Machine, by: Chooser & Partial<Observer>): Observed {
  const picks = new Map<number, number>()
  const [counts, all]: [number[], number[]] = [[], []]
  const lanes = new Set<number | undefined>()
  let preemptions = 0
  const outcome = runMachine(machine, {
    choose(point) {
      const k = by.choose(point)
      if (k !== 0) picks.set(all.length, k)
      if (isPreemption(point, k)) preemptions++
      counts.push(point.count)
      all.push(k)
      return k
    },
    step(option, loop) {
      lanes.add(option.lane)
      by.step?.(option, loop)
    },
  })
  return { picks, preemptions, steps: outcome.steps, tasks: lanes.size, fails: outcome.fault !== null, counts, all, outcome }
}

export function seenWith(machine: Machine, picks: ReadonlyMap<number, number>): Seen {
  return observed(machine, new Lenient(picks))
}

/** Answers what is asked for by running the machine; gives what comes of it, and what was seen. */
export function answer<T>(machine: Machine, asking: Generator<Request, T, Outcome>, about: (request: Request) => void = () => {}): { result: T; seen: Seen[] } {
  const seen: Seen[] = []
  let next = asking.next()
  while (next.done !== true) {
    about(next.value)
    const run = observed(machine, next.value.chooser)
    seen.push(run)
    next = asking.next(run.outcome)
  }
  return { result: next.value, seen }
}

/** Every run that there is. */
export function* allRuns(machine: Machine): Generator<Seen> {
  let prefix: number[] = []
  for (;;) {
    let made = 0
    const run = observed(machine, { choose: () => prefix[made++] ?? 0 })
    yield run
    let at = run.all.length - 1
    while (at >= 0 && (run.all[at] as number) + 1 >= (run.counts[at] as number)) at--
    if (at < 0) return
    prefix = [...run.all.slice(0, at), (run.all[at] as number) + 1]
  }
}
