import { executeSync } from '../../src/explore/execution.ts'
import { settle } from '../../src/explore/options.ts'
import { Recorder } from '../../src/explore/recorder.ts'
import type { GeneratorBody } from '../../src/index.ts'
import type { Strategy } from '../../src/strategies/index.ts'

/** The number of the first schedule that fails, or Infinity if none of `cap` does; nothing is minimised. */
export function firstFailure(body: GeneratorBody, strategy: Strategy, seed: number, cap: number): number {
  const settings = settle({ strategy, seed, schedules: cap, leaks: 'ignore' })
  const recorder = new Recorder(strategy)
  for (let schedule = 1; schedule <= cap && recorder.begin({ schedule, seed, tracked: true }); schedule++) {
    const { fault, steps } = executeSync(body, settings, {
      chooser: recorder,
      observer: recorder.observer,
      tracker: strategy.tracker,
    })
    if (fault !== null) return schedule
    recorder.end({ failed: false, steps })
  }
  return Number.POSITIVE_INFINITY
}
