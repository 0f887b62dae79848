import type { Runnable } from '../../src/loop/runnable.ts'
import { Recording } from '../../src/strategies/dpor/recording.ts'
import type { Step } from '../../src/strategies/dpor/step.ts'

/** Executions that are told to a recording by hand, step by step. */

/** Something shared, and three futures. */
export const [X, F, G, H] = [1, 2, 3, 4] as const

export interface Begun {
  readonly recording: Recording
  /** The lanes of two tasks, which the main task makes in its first step. */
  readonly a: number
  readonly b: number
  readonly steps: readonly Step[]
}

/** An execution of which the main task's first step has run, as number 0. */
export function begun(recording = new Recording(() => {})): Begun {
  recording.restart()
  for (const object of [X, F, G, H]) if (recording.newObject(0) !== object) throw new Error('objects are numbered as they are made')
  const run = runnable(recording.newLane())
  recording.queued(run)
  recording.step(run)
  const [a, b] = [recording.newLane(), recording.newLane()]
  return { recording, a, b, steps: recording.steps }
}

let last = 0
export function runnable(lane: number | undefined, more: Partial<Runnable> = {}): Runnable {
  return { kind: 'handle', id: ++last, since: 0, hop: false, run: () => {}, lane, ...more }
}

/** The lane makes a step, which nothing but its last one causes. */
export function goOn(recording: Recording, lane: number): void {
  recording.step(runnable(lane))
}

/** A hop that the step queues that runs now. */
export function hopOf(recording: Recording, more: Partial<Runnable> = {}): Runnable {
  const hop = runnable(undefined, { hop: true, ...more })
  recording.queued(hop)
  return hop
}

export function runHop(recording: Recording, hop: Runnable, settles: number): void {
  recording.hop(hop)
  recording.settled(settles)
  recording.hopped()
}
