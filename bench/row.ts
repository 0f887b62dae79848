import { now } from './clock.ts'

/** What one repetition did, and how long it took. */
export interface Measured {
  readonly units: number
  /** As `now` counts them. */
  readonly seconds: number
}

/** One side of a comparison. */
export interface Contender {
  readonly name: string
  /** Does the work `size` times over. */
  run(size: number): Measured | Promise<Measured>
  /** Releases what it holds (a child process). */
  close?(): void
}

/** `atLeast`: so many times the rival's rate. `atMostTime`: at most so many times the time that the rival takes. */
export type Goal = { readonly atLeast: number } | { readonly atMostTime: number }

export interface Rival extends Contender {
  /** What the baseline knows it by: no version in it. */
  readonly id: string
  readonly goal?: Goal
}

interface Titled {
  readonly id: string
  readonly title: string
  /** What is counted. */
  readonly unit: string
  /** What the figures say to somebody who does not know the engine. */
  readonly meaning: string
}

/** One line of the table: a workload, ours and the others' rates for it. */
export interface RateRow extends Titled {
  readonly ours: Contender
  readonly rivals: readonly Rival[]
  /** Units per second that ours should reach, whatever the machine. */
  readonly goalRate?: number
}

/** One side of a comparison of how much is needed. */
export interface Counter {
  readonly name: string
  /** How many it takes with this seed. */
  count(seed: number): number | Promise<number>
}

/** A line about how much is needed, where less is better: the same on every machine. */
export interface CountRow extends Titled {
  readonly ours: Counter
  readonly rivals: readonly (Counter & { readonly id: string })[]
  /** How many ours should take at most, as a median. */
  readonly goalCount?: number
}

export type Row = RateRow | CountRow

export function isCounted(row: Row): row is CountRow {
  return 'count' in row.ours
}

/** Times work that says how many units it did. */
export function timed(work: () => number): Measured {
  const start = now()
  const units = work()
  return { units, seconds: now() - start }
}

/** The same for work that awaits. */
export async function timedAsync(work: () => Promise<number>): Promise<Measured> {
  const start = now()
  const units = await work()
  return { units, seconds: now() - start }
}
