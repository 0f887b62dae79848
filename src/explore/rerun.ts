import { Corpus, type CorpusEntry } from './corpus.ts'
import type { Outcome, Request } from './execution.ts'
import { Following } from './following.ts'
import type { Shape } from './options.ts'
import type { Picks } from './picks.ts'
import { type Audit, RemainsAudit } from './remains-audit.ts'
import type { Failure, FailureKind } from './report.ts'
import { decodeToken } from './token.ts'

/** A kept schedule that has been run again. */
export interface Rerun {
  readonly entry: CorpusEntry
  readonly outcome: Outcome
  readonly picks: Picks
  readonly choices: number
  readonly audit: Audit | null
}

/** A failure of these kinds is no matter of one schedule. */
const NOT_KEPT: readonly FailureKind[] = ['nondeterminism', 'never']

/** Runs one kept schedule again, as far as the program still follows it, and says what became of it. */
export function* rerun(corpus: Corpus, entry: CorpusEntry, shape: Shape): Generator<Request, Rerun, Outcome> {
  const following = new Following(entry.file.failing)
  const plain = yield { chooser: following, observer: following }
  corpus.rerun++
  const { tracer } = following
  const left = yield* new RemainsAudit(shape).of(plain, () => tracer.picks)
  const outcome = left === null ? plain : { ...plain, fault: left.fault }
  const note = (what: string): void => corpus.note(`${entry.id}: ${what}`)
  const other = otherOptions(entry, shape)
  if (outcome.fault === null && other !== '') {
    note(`its schedule passes, and is kept all the same: it was made with other options (${other})`)
  } else if (outcome.fault === null) {
    corpus.dropped++
    corpus.drop(entry)
    const reason = changed(following) ?? 'it ran as it was written down'
    note(`its schedule passes now, and is dropped: ${reason}`)
  } else {
    corpus.failed++
    const reason = changed(following)
    if (reason !== null) note(`its schedule fails still: ${reason}`)
  }
  return { entry, outcome, picks: tracer.picks, choices: tracer.choices, audit: left?.audit ?? null }
}

/** The options that shape a schedule and were others when this one was made; '' for none. */
function otherOptions({ file }: CorpusEntry, { permute, awaits, maxSteps, leaks, cancel, faults, globals }: Shape): string {
  let then: Shape
  try {
    then = decodeToken(file.failing.token).shape
  } catch {
    return ''
  }
  const now: Shape = { permute, awaits, maxSteps, leaks, cancel, faults, globals }
  return Object.entries(now)
    .filter(([key, value]) => JSON.stringify(value) !== JSON.stringify(then[key as keyof Shape]))
    .map(([key]) => key)
    .join(', ')
}

/** In words, how the program differs from the one whose schedule it was; null: it does not. */
function changed({ differs, followed, length, fellShort }: Following): string | null {
  const steps = `${followed} of its ${length} steps came`
  if (differs !== null) return `the program has changed since, step ${differs} differs; ${steps}, by their labels, the rest was FIFO`
  return fellShort ? `the program has changed since, its run ends earlier; ${steps}` : null
}

/** Keeps a failure; the entry that it was found by is replaced where it is the same failure in a new form. */
export function keep(corpus: Corpus, failure: Failure, from: CorpusEntry | null): void {
  if (failure.file.name === '' || NOT_KEPT.includes(failure.kind)) return
  const id = corpus.save(failure.file)
  if (from === null || id === undefined || id === from.id || failure.kind !== from.file.kind) return
  corpus.drop(from)
}
