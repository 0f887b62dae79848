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
  readonly goal?: Goal
}

/** One line of the table: a workload, ours and the others' figures for it. */
export interface Row {
  readonly id: string
  readonly title: string
  /** What is counted. */
  readonly unit: string
  readonly ours: Contender
  readonly rivals: readonly Rival[]
  /** Units per second that ours should reach, whatever the machine. */
  readonly goalRate?: number
  /** What the figures say to somebody who does not know the engine. */
  readonly meaning: string
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
