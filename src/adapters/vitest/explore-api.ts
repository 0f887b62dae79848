import type { TestContext, TestOptions } from 'vitest'
import type { CoroutineLike } from '../../asyncio/awaitable.ts'
import type { ScenarioBody } from '../../explore/options.ts'
import { runExploration, type TestExploration } from './exploration.ts'

/** The code under test, called for each schedule with vitest's context and the fixtures that it names. */
export type ExploreBody<Context> = (context: TestContext & Context) => CoroutineLike<unknown> | unknown

/** Options of the exploration, and of vitest's test. */
export interface TestExploreOptions extends Omit<TestExploration, 'shard'>, TestOptions {}

/** `(name, body, options)`, or as vitest has it `(name, options, body)`; a number is the test's timeout in milliseconds. */
export interface ExploreCall<Body> {
  (name: string | Function, body: Body, options?: TestExploreOptions | number): void
  (name: string | Function, options: TestExploreOptions, body: Body): void
}

/** The variants of it that vitest's `test` has too: `only`, `skip`, `each` … */
export interface ExploreChain<Context> {
  readonly only: ExploreAPI<Context>
  readonly skip: ExploreAPI<Context>
  readonly fails: ExploreAPI<Context>
  /**
   * Explorations take turns within one worker; hooks and fixtures run beside those of other tests. Plain tests that run
   * beside an exploration see its `Date`.
   */
  readonly concurrent: ExploreAPI<Context>
  readonly sequential: ExploreAPI<Context>
  /** A test that is still to be written. */
  readonly todo: (name: string | Function, body?: ExploreBody<Context>, options?: TestExploreOptions | number) => void
  skipIf(condition: unknown): ExploreAPI<Context>
  runIf(condition: unknown): ExploreAPI<Context>
  /** A test for each case; if every case is an array, they are spread over the body's arguments. */
  each<T extends readonly [unknown, ...unknown[]]>(
    cases: readonly T[],
  ): ExploreCall<(...args: [...T]) => CoroutineLike<unknown> | unknown>
  each<T>(cases: readonly T[]): ExploreCall<(value: T) => CoroutineLike<unknown> | unknown>
  each(table: TemplateStringsArray, ...values: unknown[]): ExploreCall<(row: Record<string, unknown>) => unknown>
  /** A test for each case, which gets the case and the context. */
  for<T>(cases: readonly T[]): ExploreCall<(value: T, context: TestContext & Context) => CoroutineLike<unknown> | unknown>
}

/** A test that explores every ordering of its body. */
export type ExploreAPI<Context = object> = ExploreCall<ExploreBody<Context>> & ExploreChain<Context>

/** The part of vitest's `test` that this stands on. */
export interface Chainable {
  (name: string | Function, options: TestOptions, handler?: Handler): void
  readonly only: Chainable
  readonly skip: Chainable
  readonly fails: Chainable
  readonly concurrent: Chainable
  readonly sequential: Chainable
  readonly todo: Chainable
  for(cases: Cases, ...values: unknown[]): (name: string | Function, options: TestOptions, handler: CaseHandler) => void
}

type Handler = (context: TestContext) => Promise<void>
type CaseHandler = (value: unknown, context: TestContext) => Promise<void>
/** An array, or the strings of a table. */
type Cases = readonly unknown[]
type AnyBody = (...args: readonly unknown[]) => unknown

/** vitest's own options: all others are the exploration's. */
const OF_VITEST: ReadonlySet<string> = new Set<keyof Required<TestOptions>>([
  'timeout',
  'retry',
  'repeats',
  'concurrent',
  'sequential',
  'skip',
  'only',
  'todo',
  'fails',
  'tags',
  'meta',
])

interface Call {
  readonly body: AnyBody | undefined
  readonly exploration: TestExploration
  readonly test: TestOptions
}

/** Sorts out what `test.explore` was called with. @throws TypeError if it is neither form */
function parse(a: unknown, b: unknown): Call {
  const [body, options] = typeof a === 'function' || a === undefined ? [a, b] : [b, a]
  const given = typeof options === 'number' ? { timeout: options } : (options ?? {})
  if ((body !== undefined && typeof body !== 'function') || typeof given !== 'object') {
    throw new TypeError('test.explore takes (name, body, options?) or (name, options, body)')
  }
  const entries = Object.entries(given)
  return {
    body: body as AnyBody | undefined,
    exploration: Object.fromEntries(entries.filter(([key]) => !OF_VITEST.has(key))),
    test: Object.fromEntries(entries.filter(([key]) => OF_VITEST.has(key))),
  }
}

/** Calls the body with these arguments, in the front end that it is written for. */
function bound(body: AnyBody, args: readonly unknown[]): ScenarioBody {
  if (Object.prototype.toString.call(body) !== '[object GeneratorFunction]') return () => body(...args)
  return function* () {
    return yield* body(...args) as Generator<unknown, unknown, unknown>
  }
}

/** vitest reads off a test's source which fixtures it wants: a handler shows that of the body. */
function showing<F extends Handler | CaseHandler>(handler: F, source: string): F {
  return Object.defineProperty(handler, 'toString', { value: () => source, configurable: true })
}

/** `explore` over vitest's `test`, or over a part of its chain. */
export function exploreOver<Context>(base: Chainable): ExploreAPI<Context> {
  const explore = callOver(base)
  const chain = chainOver<Context>(base)
  // Getters stay getters: each of them has a chain of its own.
  return Object.defineProperties(explore, Object.getOwnPropertyDescriptors(chain)) as typeof explore & typeof chain
}

function callOver(base: Chainable): (name: string | Function, a?: unknown, b?: unknown) => void {
  return (name, a, b) => {
    const { body, exploration, test } = parse(a, b)
    if (body === undefined) return base(name, test)
    const defined = new Error('defined here')
    const handler: Handler = (context) => runExploration(bound(body, [context]), exploration, context, defined)
    return base(name, test, showing(handler, String(body)))
  }
}

function chainOver<Context>(base: Chainable): ExploreChain<Context> {
  return {
    get only() {
      return exploreOver<Context>(base.only)
    },
    get skip() {
      return exploreOver<Context>(base.skip)
    },
    get fails() {
      return exploreOver<Context>(base.fails)
    },
    get concurrent() {
      return exploreOver<Context>(base.concurrent)
    },
    get sequential() {
      return exploreOver<Context>(base.sequential)
    },
    get todo() {
      return callOver(base.todo)
    },
    skipIf: (condition) => exploreOver<Context>(condition ? base.skip : base),
    runIf: (condition) => exploreOver<Context>(condition ? base : base.skip),
    each(cases: Cases, ...values: unknown[]) {
      const spread = values.length === 0 && cases.every((c) => Array.isArray(c))
      return overCases(base, cases, values, (value) => (spread ? (value as unknown[]) : [value]), false)
    },
    for: (cases: Cases, ...values: unknown[]) => overCases(base, cases, values, (value, context) => [value, context], true),
  }
}

/** A test for each case. Bodies that don't get the context can't ask for fixtures either. */
function overCases(
  base: Chainable,
  cases: Cases,
  values: unknown[],
  argumentsOf: (value: unknown, context: TestContext) => readonly unknown[],
  hasContext: boolean,
): (name: string | Function, a?: unknown, b?: unknown) => void {
  return (name, a, b) => {
    const { body, exploration, test } = parse(a, b)
    if (body === undefined) throw new TypeError('test.explore.each and .for need a body')
    const defined = new Error('defined here')
    const handler: CaseHandler = (value, context) =>
      runExploration(bound(body, argumentsOf(value, context)), exploration, context, defined)
    base.for(cases, ...values)(name, test, showing(handler, hasContext ? String(body) : '() => {}'))
  }
}
