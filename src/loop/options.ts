import type { ChoicePoint } from './chooser.ts'
import type { External } from './external.ts'
import type { ReadyQueue } from './ready-queue.ts'
import type { Option } from './runnable.ts'

/**
 * The positions in the ready queue that are options: every runnable with user code, and each owner's first hop
 * where its hops lead to user code. Of timers only those with the earliest deadline count, and of each sequence
 * only the first.
 */
export function findOptions(ready: ReadyQueue): number[] {
  const enabled: number[] = []
  let owners: object[] | null = null
  let sequences: object[] | null = null
  let earliest = Number.POSITIVE_INFINITY
  for (let i = 0; i < ready.length; i++) {
    const due = ready.at(i).due
    if (due !== undefined && due < earliest) earliest = due
  }
  for (let i = 0; i < ready.length; i++) {
    const r = ready.at(i)
    if (r.due !== undefined && r.due > earliest) continue
    if (r.sequence !== undefined) {
      sequences ??= []
      if (sequences.includes(r.sequence)) continue
      sequences.push(r.sequence)
    }
    if (r.hop) {
      if (r.owner !== undefined) {
        owners ??= []
        if (owners.includes(r.owner)) continue
      }
      if (r.leads?.() !== true) continue
      if (r.owner !== undefined) owners?.push(r.owner)
    }
    enabled.push(i)
  }
  return enabled
}

const CLOCK: Option = { kind: 'clock', id: 0, label: 'clock' }

interface PointSource {
  readonly steps: number
  readonly lane: number
  readonly ready: ReadyQueue
  readonly externals: readonly External[]
}

/** The choice point of a loop: one object for the whole run, its list made only when somebody asks for it. */
export class LoopPoint implements ChoicePoint {
  count = 0
  enabled: readonly number[] | null = null
  #handles = 0
  #externals = 0
  #clock = false
  readonly #source: PointSource

  constructor(source: PointSource) {
    this.#source = source
  }

  set(count: number, handles: number, externals: number, clock: boolean): this {
    this.count = count
    this.#handles = handles
    this.#externals = externals
    this.#clock = clock
    return this
  }

  get step(): number {
    return this.#source.steps
  }

  get lastLane(): number {
    return this.#source.lane
  }

  get options(): readonly Option[] {
    const { ready, externals } = this.#source
    const options: Option[] = []
    const enabled = this.enabled
    for (let i = 0; i < this.#handles; i++) options.push(ready.at(enabled === null ? i : (enabled[i] as number)))
    for (let i = 0; i < this.#externals; i++) options.push(externals[i] as External)
    if (this.#clock) options.push(CLOCK)
    return options
  }
}

/** A choice among values: no event of the loop's, so that its options are made on demand. */
export class ValuePoint implements ChoicePoint {
  readonly step: number
  readonly lastLane: number
  readonly count: number
  readonly #label: string | undefined

  constructor(step: number, lane: number, count: number, label: string | undefined) {
    this.step = step
    this.lastLane = lane
    this.count = count
    this.#label = label
  }

  get options(): readonly Option[] {
    const label = this.#label
    return Array.from({ length: this.count }, (_, id) => ({ kind: 'value', id, lane: this.lastLane, label }) as const)
  }
}
