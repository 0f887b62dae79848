import type { EventLoop } from '../../asyncio/event-loop.ts'

/** An error to reject with: itself, or a function that makes a new one for each call. */
export type Thrown = Error | (() => unknown)

/**
 * What may go wrong with a call of an I/O function. Whether it does, and which of these, is a choice of the strategy;
 * the first option, that of FIFO, is always that nothing does. At most one call in a schedule meets a fault, unless
 * `explore(..., { faults: { max } })` says otherwise.
 *
 * @example
 * ```ts
 * const charge = io(chargeCard, { faults: { rejectAfter: () => new Error('connection lost'), duplicate: true } })
 * ```
 */
export interface Faults {
  /** The request is lost: the function is not called, and the call rejects with this error (true: an IoError). */
  readonly rejectBefore?: boolean | Thrown | readonly Thrown[] | undefined
  /** The answer is lost: the function is called, and the call rejects with this error all the same (true: an IoError). */
  readonly rejectAfter?: boolean | Thrown | readonly Thrown[] | undefined
  /** The request is delivered twice: the function is called again, at any later time. The caller gets the first result. */
  readonly duplicate?: boolean | undefined
  /**
   * Seconds of virtual time after which the call rejects with a TimeoutError, counted from the call. One fault where the
   * request is lost, and one where the answer is.
   */
  readonly timeout?: number | undefined
  /** The call never settles. One fault where the request is lost, and one where the answer is. */
  readonly neverAnswers?: boolean | undefined
}

/** What a call rejects with where `faults` names no error of its own. */
export class IoError extends Error {
  override readonly name = 'IoError'
}

/** One fault: how often the effect happens, and what the caller gets. */
export interface IoFault {
  readonly words: string
  readonly effects: 0 | 1 | 2
  readonly ends: 'answer' | 'error' | 'timeout' | 'never'
  readonly error?: (() => unknown) | undefined
  /** Seconds from the call. */
  readonly after?: number | undefined
}

/** @throws RangeError for a timeout that is no number of seconds, TypeError for what is no fault */
export function faultsOf(faults: Faults | boolean | undefined): readonly IoFault[] {
  if (faults === undefined || faults === false) return []
  if (faults === true) return faultsOf({ rejectBefore: true, rejectAfter: true })
  const known = ['rejectBefore', 'rejectAfter', 'duplicate', 'timeout', 'neverAnswers']
  const unknown = Object.keys(faults).filter((key) => !known.includes(key))
  if (typeof faults !== 'object' || unknown.length > 0) {
    throw new TypeError(`option faults knows ${known.join(', ')}, and not ${unknown.join(', ') || String(faults)}`)
  }
  const all: IoFault[] = []
  for (const error of errorsOf(faults.rejectBefore, 'the request was lost')) {
    all.push({ words: 'its request is lost', effects: 0, ends: 'error', error })
  }
  for (const error of errorsOf(faults.rejectAfter, 'the answer was lost')) {
    all.push({ words: 'its answer is lost', effects: 1, ends: 'error', error })
  }
  if (faults.duplicate === true) all.push({ words: 'it is delivered twice', effects: 2, ends: 'answer' })
  const after = faults.timeout
  if (after !== undefined) {
    if (!(after >= 0)) throw new RangeError(`fault timeout must be a number of seconds, not ${String(after)}`)
    all.push({ words: 'its request is lost and it times out', effects: 0, ends: 'timeout', after })
    all.push({ words: 'its answer is lost and it times out', effects: 1, ends: 'timeout', after })
  }
  if (faults.neverAnswers === true) {
    all.push({ words: 'its request is lost without a word', effects: 0, ends: 'never' })
    all.push({ words: 'its answer is lost without a word', effects: 1, ends: 'never' })
  }
  return all
}

function errorsOf(of: Faults['rejectBefore'], words: string): (() => unknown)[] {
  if (of === undefined || of === false) return []
  if (of === true) return [() => new IoError(words)]
  const errors = (Array.isArray(of) ? of : [of]) as readonly Thrown[]
  return errors.map((e) => (typeof e === 'function' ? e : () => e))
}

/** How many faults a schedule may still have, and which it could have had. */
export class FaultBudget {
  left: number
  /** By call and fault: whether it was taken. */
  readonly places = new Map<string, boolean>()
  readonly #calls = new Map<string, number>()

  constructor(max: number) {
    this.left = max
  }

  /** Lets the strategy choose for one call; null: nothing goes wrong. */
  choose(loop: EventLoop, label: string, faults: readonly IoFault[]): IoFault | null {
    if (this.left <= 0 || faults.length === 0 || loop.chooser === null) return null
    const call = (this.#calls.get(label) ?? 0) + 1
    this.#calls.set(label, call)
    const k = loop.pickValue(faults.length + 1, [`${label} goes well`, ...faults.map((f) => `${label}: ${f.words}`)])
    for (let i = 0; i < faults.length; i++) this.places.set(`${label} ${call} ${i}`, i === k - 1)
    if (k === 0) return null
    this.left--
    return faults[k - 1] as IoFault
  }
}

/** Of the last run that had a choice of a fault: runs take turns, and most have none. */
let latest: { readonly loop: EventLoop; readonly budget: FaultBudget } | null = null

/** The budget of a run, which its loop knows. */
export function faultBudgetOf(loop: EventLoop): FaultBudget {
  if (latest?.loop !== loop) latest = { loop, budget: new FaultBudget(loop.mostFaults) }
  return latest.budget
}

/** What the run could have had and had; null if it had no choice of a fault. */
export function faultPlaces(loop: EventLoop): ReadonlyMap<string, boolean> | null {
  return latest?.loop === loop ? latest.budget.places : null
}
