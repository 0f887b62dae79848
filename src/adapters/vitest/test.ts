import { test as vitestTest, type TestAPI } from 'vitest'
import { type Chainable, type ExploreAPI, exploreOver } from './explore-api.ts'

/** What {@link test} has beside vitest's own. */
export interface Exploring<Context> {
  /**
   * A test whose body is run in many orders: those that the strategy picks. It fails with the picture of the first order
   * that breaks it. Hooks (`beforeEach`, fixtures …) run once, around the whole exploration; what each schedule needs afresh is
   * made in the body, or in the option `setup`.
   *
   * The test's file and full name are its identity: they key its seed, its token, and the failing schedules that are kept
   * in `.heddle` and run first next time.
   *
   * @example
   * ```ts
   * import { test } from 'heddle/vitest'
   * import { expect } from 'vitest'
   *
   * test.explore('two deposits both count', async () => {
   *   const account = new Account()
   *   await Promise.all([account.deposit(1), account.deposit(2)])
   *   expect(account.balance).toBe(3)
   * }, { schedules: 5000 })
   * ```
   */
  readonly explore: ExploreAPI<Context>
}

/**
 * A `test` of vitest's, with `explore`: for one that has fixtures. They are made once for a test, not for each schedule.
 *
 * @example
 * ```ts
 * import { withExplore } from 'heddle/vitest'
 * import { expect, test as base } from 'vitest'
 *
 * const test = withExplore(base.extend<{ log: string[] }>({ log: async ({}, use) => use([]) }))
 * test.explore('writes in order', async ({ log }) => {
 *   await Promise.all(['a', 'b'].map(async (line) => { await pause(); log.push(line) }))
 *   expect(log).toEqual(['a', 'b'])
 * })
 * ```
 */
export function withExplore<Context>(test: TestAPI<Context>): TestAPI<Context> & Exploring<Context> {
  const base: Chainable = test
  const explore = exploreOver<Context>(base)
  // vitest's own `test` stays as it is: whoever imports that one finds nothing new in it.
  return new Proxy(test as TestAPI<Context> & Exploring<Context>, {
    get: (target, key) => (key === 'explore' ? explore : Reflect.get(target, key)),
    has: (target, key) => key === 'explore' || Reflect.has(target, key),
  })
}

/**
 * vitest's `test`, with {@link Exploring.explore | explore}.
 *
 * @example
 * ```ts
 * import { test } from 'heddle/vitest'
 *
 * test.explore('two transfers', async () => {
 *   await Promise.all([transfer(), transfer()])
 * })
 * ```
 */
export const test: TestAPI & Exploring<object> = withExplore(vitestTest)

/**
 * The same by its other name.
 *
 * @example
 * ```ts
 * import { it } from 'heddle/vitest'
 *
 * it.explore('two transfers', async () => {
 *   await Promise.all([transfer(), transfer()])
 * })
 * ```
 */
export const it: TestAPI & Exploring<object> = test
