import type { Fault } from './execution.ts'
import type { Settings, Shape } from './options.ts'
import type { Picks } from './picks.ts'
import type { Failure, FailureKind } from './report.ts'
import type { Findings } from './findings.ts'
import type { FailureFile, SizeRecord } from './failure-file.ts'
import { fileOf } from './file-of.ts'
import { encodeToken, marksOf } from './token.ts'
import type { Trace, Tracer } from './trace.ts'

/** Says a failure in words. */
export type Describe = (file: FailureFile) => string

/** What the words need beside the failure itself. */
export interface FailureContext {
  readonly name: string
  readonly strategy: string
  readonly seed: number
  readonly before: SizeRecord
  readonly after: SizeRecord
  /** Minimising stopped at its budget. */
  readonly incomplete: boolean
}

/** The size of a schedule, as minimising sees it. */
export function sizeOf(tracer: Tracer): SizeRecord {
  const tasks = new Set(tracer.steps.map((s) => s.task))
  tasks.delete(undefined)
  return { switches: tracer.preemptions, picks: tracer.picks.size, steps: tracer.steps.at(-1)?.step ?? 0, tasks: tasks.size }
}

/** The token of a schedule that an instrumented run saw. */
export function tokenOf(settings: Settings, tracer: Tracer): string {
  return encodeToken({
    name: settings.name,
    shape: shapeIn(settings),
    picks: tracer.picks,
    choices: tracer.choices,
    steps: tracer.steps.length,
    marks: marksOf(tracer.fingerprints),
    fingerprint: tracer.fingerprints.at(-1) ?? 0,
  })
}

/** The token of a run that has not ended, with the choices that it has made so far. */
export function unfinishedToken(settings: Settings, picks: Picks, choices: number): string {
  const marks = new Uint8Array()
  const { name } = settings
  return encodeToken({ name, shape: shapeIn(settings), picks, choices, steps: 0, marks, fingerprint: 0, unfinished: true })
}

function shapeIn({ permute, awaits, maxSteps, leaks, cancel, faults, globals }: Settings): Shape {
  return { permute, awaits, maxSteps, leaks, cancel, faults, globals }
}

/** What a failure is made of. */
export interface FailureParts {
  readonly fault: Fault
  readonly schedule: number
  readonly token: string
  readonly firstToken: string
  readonly tracer: Tracer
  readonly context: FailureContext
  /** What the instrumented run, and its neighbours, have told. */
  readonly findings: Findings
}

/** A failure; its file and its words are made when somebody asks for them. */
class FoundFailure implements Failure {
  readonly kind: FailureKind
  readonly error: unknown
  readonly schedule: number
  readonly token: string
  readonly firstToken: string
  readonly switches: number
  readonly trace: Trace
  readonly #describe: Describe
  readonly #parts: FailureParts
  #file: FailureFile | undefined

  constructor(describe: Describe, parts: FailureParts) {
    this.kind = parts.fault.kind
    this.error = parts.fault.error
    this.schedule = parts.schedule
    this.token = parts.token
    this.firstToken = parts.firstToken
    this.switches = parts.tracer.preemptions
    this.trace = { steps: parts.tracer.steps }
    this.#describe = describe
    this.#parts = parts
  }

  get file(): FailureFile {
    this.#file ??= fileOf(this, this.#parts)
    return this.#file
  }

  toString(): string {
    return this.#describe(this.file)
  }
}

export function makeFailure(describe: Describe, parts: FailureParts): Failure {
  return new FoundFailure(describe, parts)
}
