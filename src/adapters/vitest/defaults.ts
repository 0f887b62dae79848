import { inject } from 'vitest'
import type { ExploreOptions } from '../../explore/options.ts'

/**
 * What a whole suite's explorations share: `provide: { heddle: { schedules: 5000 } }` in the `test` section of vitest's
 * configuration. It travels to the workers, so that it is plain data. A test's own options come first, and the environment
 * variable HEDDLE_SCHEDULES before those: it is for the one run at night that is to look harder everywhere.
 */
export type SuiteOptions = Pick<
  ExploreOptions,
  'schedules' | 'permute' | 'awaits' | 'maxSteps' | 'timeLimit' | 'leaks' | 'seed' | 'bail'
> & {
  /** A strategy's name. */
  strategy?: Extract<ExploreOptions['strategy'], string>
  /** Where failing schedules are kept, relative to the project's root; false: nowhere. Default: `.heddle`. */
  corpus?: string | boolean
}

declare module 'vitest' {
  interface ProvidedContext {
    /** Options of every `test.explore`. */
    heddle: SuiteOptions
  }
}

/** @throws RangeError for a HEDDLE_SCHEDULES that is no number */
export function defaults(): SuiteOptions {
  return inject('heddle') ?? {}
}

/** The number of schedules that the environment asks for. */
export function schedulesFromEnvironment(env: Record<string, string | undefined>): number | undefined {
  const text = env['HEDDLE_SCHEDULES']
  if (text === undefined || text === '') return undefined
  const n = Number(text)
  if (!Number.isInteger(n) || n < 1) {
    throw new RangeError(`HEDDLE_SCHEDULES must be a whole number of at least 1, not ${JSON.stringify(text)}`)
  }
  return n
}
