import { IN_NO_FILE } from '../world/stacks.ts'
import type { Fault } from './execution.ts'
import { shape } from './minimise.ts'
import type { DistinctFailure, Failure } from './report.ts'
import { fieldOf } from './shown.ts'

/** So many different failures are minimised and shown; more are only counted among all. */
const MOST = 20

/** The failures of an exploration that goes on after the first, told apart by kind, class, message shape and place. */
export class Distinct {
  readonly #found = new Map<string, { failure: Failure; count: number }>()

  /** Counts the failure; true if it is one to be minimised, since nothing like it was seen. */
  count(fault: Fault): boolean {
    const known = this.#found.get(signature(fault))
    if (known !== undefined) known.count++
    return known === undefined && this.#found.size < MOST
  }

  add(fault: Fault, failure: Failure): void {
    this.#found.set(signature(fault), { failure, count: 1 })
  }

  /** In the order in which they were found. */
  get all(): readonly DistinctFailure[] {
    return [...this.#found.values()]
  }
}

/** What two failures have in common that are one mistake in the program. */
export function signature({ kind, error }: Fault): string {
  return `${kind} ${shape(error)} ${kind === 'error' || kind === 'unhandled' ? placeOf(error) : ''}`
}

/** Heddle's own files, as they are named in stacks. */
const OWN = new URL('..', import.meta.url)

/** Where in the program an error was made: the first line of its stack that is neither Heddle's nor the host's, nor built in. */
function placeOf(error: unknown): string {
  const stack = error instanceof Error ? fieldOf(error, 'stack') : undefined
  if (stack === undefined) return ''
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line))
  const theirs = frames.find((line) => !line.includes('node:') && !IN_NO_FILE.test(line) && !line.includes(OWN.href) && !line.includes(OWN.pathname))
  return theirs?.trim() ?? ''
}
