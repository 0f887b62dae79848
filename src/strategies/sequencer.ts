import type { ChoicePoint, Option, RunInfo, Strategy } from './strategy.ts'

/**
 * What a step is called in an order: `Task-2: save`, the task and what it waited for. What runs in no task goes by its label
 * alone; a clock that moves on is `time passes`.
 */
export function stepName({ kind, task, label }: Pick<Option, 'kind' | 'task' | 'label'>): string {
  if (kind === 'clock') return 'time passes'
  const what = label ?? (kind === 'external' ? 'an external operation' : 'a callback')
  return task === undefined ? what : `${task}: ${what}`
}

/** What the choice of a value is called: `letter is option 3`. */
export function valueName(label: string | undefined, pick: number): string {
  return `${label ?? 'choose'} is option ${pick + 1}`
}

class Sequencer implements Strategy {
  readonly name = 'sequencer'
  readonly bound = 'the order that was given'
  readonly watches = true
  readonly #order: readonly string[]
  /** The next one that is to come. */
  #next = 0
  /** Lanes whose external has completed, and what their resumption will be called: it is the same step. */
  readonly #resuming = new Map<number, string>()

  constructor(order: readonly string[]) {
    this.#order = order
  }

  begin({ schedule }: RunInfo): boolean {
    this.#next = 0
    this.#resuming.clear()
    return schedule === 1
  }

  pick(point: ChoicePoint): number {
    if (point.optionAt(0).kind === 'value') return this.#pickValue(point)
    let free = -1
    let earliest = 0
    let place = Number.POSITIVE_INFINITY
    for (let k = 0; k < point.count; k++) {
      const option = point.optionAt(k)
      const at = this.#isResumption(option) ? -1 : this.#order.indexOf(stepName(option), this.#next)
      if (at === this.#next) return k
      if (at < 0 && free < 0) free = k
      if (at >= 0 && at < place) {
        earliest = k
        place = at
      }
    }
    // What comes later in the order waits, as long as anything else can go on.
    return free >= 0 ? free : earliest
  }

  step(option: Option): void {
    const name = stepName(option)
    if (this.#isResumption(option)) {
      this.#resuming.delete(option.lane as number)
      return
    }
    if (option.kind === 'external' && option.lane !== undefined) this.#resuming.set(option.lane, name)
    this.#came(name)
  }

  #isResumption({ kind, lane, task, label }: Option): boolean {
    return kind === 'handle' && lane !== undefined && this.#resuming.get(lane) === stepName({ kind, task, label })
  }

  #pickValue(point: ChoicePoint): number {
    for (let k = 0; k < point.count; k++) {
      const name = valueName(point.optionAt(k).label, k)
      if (this.#order[this.#next] !== name) continue
      this.#came(name)
      return k
    }
    return 0
  }

  /** What was to come before it, and did not, is not waited for any more. */
  #came(name: string): void {
    const at = this.#order.indexOf(name, this.#next)
    if (at >= 0) this.#next = at + 1
  }
}

/**
 * Makes one schedule, in which the named steps come in the given order, and all else in FIFO order: for a regression test
 * that forces an order that once failed. A step is named by its task and what it waited for, `'Task-2: save'`, as in the
 * pictures of failures. Where the program does not allow the order any more (it has been mended, say), a step that cannot
 * come is not waited for.
 *
 * @example
 * ```ts
 * const seen: string[] = []
 * await check(async () => {
 *   await Promise.all(['first', 'second'].map(async (name) => { await pause(name); seen.push(name) }))
 * }, { strategy: sequencer(['Task-1: second', 'Task-1: first']) })
 * seen // ['second', 'first']
 * ```
 */
export function sequencer(order: readonly string[]): Strategy {
  for (const name of order) {
    if (typeof name !== 'string') throw new TypeError(`sequencer() takes the names of steps, not ${String(name)}`)
  }
  return new Sequencer([...order])
}
