import type { ChoicePoint, Chooser } from '../loop/chooser.ts'
import type { Fault, Outcome, Request } from './execution.ts'
import { sameFault } from './minimise.ts'
import { remedy } from './remedy.ts'
import { shown } from './shown.ts'
import { inWords } from './trace.ts'

/** The choices of a schedule, as they were made: of how many options, and which. */
export interface Choices {
  readonly counts: readonly number[]
  readonly picks: readonly number[]
}

/** Makes the same choices again, and notes the first place at which the run is another one. */
class Again implements Chooser {
  difference: string | null = null
  readonly #before: Choices
  #made = 0

  constructor(before: Choices) {
    this.#before = before
  }

  choose(point: ChoicePoint): number {
    const at = this.#made++
    const count = this.#before.counts[at]
    if (count !== point.count && this.difference === null) {
      const options = point.options.slice(0, 8).map(inWords).join(', ')
      const then = count === undefined ? 'there was none' : `it was one of ${count}`
      this.difference = `choice ${at + 1}, after ${point.step} ${point.step === 1 ? 'step' : 'steps'}, is one of ${point.count} now (${options}), and ${then} before`
    }
    return Math.min(this.#before.picks[at] ?? 0, point.count - 1)
  }

  ended(): void {
    const { counts } = this.#before
    if (this.difference === null && this.#made < counts.length) {
      this.difference = `the run ends after ${this.#made} ${this.#made === 1 ? 'choice' : 'choices'} now, and made ${counts.length} before`
    }
  }
}

/** What a second run of the same choices gave: how it ended, and where it differs first from the one before. */
export interface SecondRun {
  readonly fault: Fault | null
  readonly difference: string | null
}

/** Runs a schedule again; one that has no end only as far as `maxSteps`. */
export function* runAgain(before: Choices, maxSteps?: number): Generator<Request, SecondRun, Outcome> {
  const again = new Again(before)
  const { fault } = yield { chooser: again, observer: null, maxSteps }
  if (maxSteps === undefined || fault?.kind !== 'step-limit') again.ended()
  return { fault, difference: again.difference }
}

/**
 * The fault of a schedule, once it is known to be its own: that is not so if the same choices give another run, or if
 * schedule 1, which passed, fails now (`first`: its choices). `enough`: so many steps show that a run has no end.
 * `isolated`: every run had modules of its own.
 */
export function* confirmed(
  fault: Fault,
  choices: Choices,
  first: Choices | null,
  { enough, isolated }: { readonly enough: number; readonly isolated: boolean },
): Generator<Request, Fault, Outcome> {
  if (fault.kind === 'nondeterminism' || fault.kind === 'escape') return fault
  const second = yield* runAgain(choices, fault.kind === 'step-limit' ? enough : undefined)
  if (second.difference !== null || !sameFault(second.fault, fault)) return twoRuns(fault, second, isolated)
  if (first === null) return fault
  const old = yield* runAgain(first)
  return old.difference === null && old.fault === null ? fault : leftOver(fault, old, isolated)
}

/** The fault of a schedule that gives two runs. */
export function twoRuns(first: Fault | null, second: SecondRun, isolated: boolean): Fault {
  const where = second.difference === null ? '' : ` The first difference: ${second.difference}.`
  return {
    kind: 'nondeterminism',
    error: new Error(
      `the same choices gave two runs: the first ${ended(first)}, the second ${ended(second.fault)}.${where} ${remedy(isolated)}`,
      first === null ? {} : { cause: first.error },
    ),
  }
}

/** The fault where a schedule that has passed fails after others have run. */
function leftOver(failing: Fault, second: SecondRun, isolated: boolean): Fault {
  const where = second.difference === null ? '' : ` The first difference: ${second.difference}.`
  const now = second.fault === null ? 'runs otherwise' : ended(second.fault)
  return {
    kind: 'nondeterminism',
    error: new Error(
      `a schedule failed (${failing.kind}: ${shown(failing.error)}), but schedule 1, which had passed, ${now} now too, with ` +
        `the same choices: what failed is not an order, but state that an earlier schedule has left behind.${where} ${remedy(isolated)}`,
      { cause: failing.error },
    ),
  }
}

function ended(fault: Fault | null): string {
  return fault === null ? 'passed' : `failed (${fault.kind}: ${shown(fault.error)})`
}
