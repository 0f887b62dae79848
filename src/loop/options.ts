import type { ChoicePoint } from './chooser.ts'
import type { External } from './external.ts'
import type { ReadyQueue } from './ready-queue.ts'
import type { Option, Runnable } from './runnable.ts'

/** Whether something needs a look before it counts as an option: a hop, a due timer, a part of a sequence. */
export function isSpecial(r: Runnable): boolean {
  return r.hop || r.due !== undefined || r.sequence !== undefined
}

/**
 * Those of the special runnables in the ready queue that are no options now. Every runnable with user code is one, and
 * each owner's first hop that leads to user code; but of timers only those with the earliest deadline, and of each
 * sequence only the first. Only the special ones are looked at, so that a long queue of tasks costs nothing.
 */
export function findDisabled(specials: readonly Runnable[], disabled: Runnable[]): void {
  disabled.length = 0
  let owners: object[] | null = null
  let sequences: object[] | null = null
  let earliest = Number.POSITIVE_INFINITY
  for (const r of specials) {
    // The hop of a sleep that was cancelled is there still, and holds up nobody.
    if (r.due !== undefined && r.due < earliest && !(r.hop && r.leads?.() === false)) earliest = r.due
  }
  for (const r of specials) {
    let enabled = r.due === undefined || r.due <= earliest
    if (enabled && r.sequence !== undefined) {
      sequences ??= []
      if (sequences.includes(r.sequence)) enabled = false
      else sequences.push(r.sequence)
    }
    if (enabled && r.hop) {
      const owner = r.owner
      enabled = (owner === undefined || owners === null || !owners.includes(owner)) && r.leads?.() === true
      if (enabled && owner !== undefined) {
        if (owners === null) owners = [owner]
        else owners.push(owner)
      }
    }
    if (!enabled) disabled.push(r)
  }
}

/** The position in the ready queue of the k-th option, where the runnables of `disabled` (in queue order) are none. */
export function positionOf(k: number, ready: ReadyQueue, disabled: readonly Runnable[]): number {
  // The j-th disabled one has rank - j options before it; find how many of them come before the k-th option.
  let low = 0
  let high = disabled.length
  while (low < high) {
    const j = (low + high) >> 1
    if (ready.rankOf(disabled[j] as Runnable) - j <= k) low = j + 1
    else high = j
  }
  return k + low
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
  /** Ready runnables that are no options, in queue order. */
  disabled: readonly Runnable[] = []
  /** What stands for all that is ready, where it keeps its order. */
  head: Option | null = null
  private _handles = 0
  private _externals = 0
  private _clock = false
  private readonly _source: PointSource

  constructor(source: PointSource) {
    this._source = source
  }

  set(count: number, handles: number, externals: number, clock: boolean): this {
    this.count = count
    this._handles = handles
    this._externals = externals
    this._clock = clock
    return this
  }

  get step(): number {
    return this._source.steps
  }

  get lastLane(): number {
    return this._source.lane
  }

  optionAt(k: number): Option {
    const { ready, externals } = this._source
    const { disabled } = this
    if (k === 0 && this.head !== null) return this.head
    if (k < this._handles) return ready.at(disabled.length === 0 ? k : positionOf(k, ready, disabled))
    return externals[k - this._handles] ?? CLOCK
  }

  get options(): readonly Option[] {
    const { ready, externals } = this._source
    const { disabled } = this
    const options: Option[] = this.head === null ? [] : [this.head]
    for (let i = 0, skipped = 0; options.length < this._handles; i++) {
      const r = ready.at(i)
      if (r === disabled[skipped]) skipped++
      else options.push(r)
    }
    for (let i = 0; i < this._externals; i++) options.push(externals[i] as External)
    if (this._clock) options.push(CLOCK)
    return options
  }
}

/** A choice among values: no event of the loop's, so that its options are made on demand. */
export class ValuePoint implements ChoicePoint {
  readonly step: number
  readonly lastLane: number
  readonly count: number
  readonly disturbs: boolean
  private readonly _label: string | readonly string[] | undefined

  /** `label`: of the choice, or one for each value of a disturbance. */
  constructor(step: number, lane: number, count: number, label: string | readonly string[] | undefined) {
    this.step = step
    this.lastLane = lane
    this.count = count
    this._label = label
    this.disturbs = typeof label === 'object'
  }

  optionAt(id: number): Option {
    const label = typeof this._label === 'object' ? this._label[id] : this._label
    return { kind: 'value', id, lane: this.lastLane, label }
  }

  get options(): readonly Option[] {
    return Array.from({ length: this.count }, (_, id) => this.optionAt(id))
  }
}
