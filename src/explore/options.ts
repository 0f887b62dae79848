import type { CoroutineLike } from '../asyncio/awaitable.ts'
import type { CorpusStore } from './corpus.ts'
import { host } from './host.ts'
import type { Strategy, StrategyName } from '../strategies/index.ts'
import type { CancelTargets } from '../world/cancel/interruptions.ts'
import type { GlobalsOptions } from '../world/globals/globals.ts'
import { strategyNamed } from '../strategies/index.ts'
import { startingAt } from '../strategies/starting-at.ts'
import { sharded } from '../strategies/shards/sharded.ts'
import type { Shard } from '../strategies/shards/territory.ts'

/** The code under test: called once for each schedule, as the main task. */
export type ScenarioBody<T = unknown> = () => CoroutineLike<T> | T

/** A body for the synchronous front end: a generator function. */
export type GeneratorBody<T = unknown> = () => Generator<unknown, T, unknown>

/** How far an exploration has come. */
export interface Progress {
  readonly schedules: number
  readonly failures: number
  readonly steps: number
  readonly choicePoints: number
  /** The estimated share of all schedules that has been run, from 0 to 1; null where the strategy lets nothing be known of it. */
  readonly explored: number | null
  /** Milliseconds since the exploration began. */
  readonly elapsed: number
}

/** What an exploration does, and how long. */
export interface ExploreOptions {
  /** Default: 'auto'. */
  strategy?: StrategyName | Strategy
  /** How many schedules at most; of executions that prove equivalent to one of these as many again. Default: 1000. */
  schedules?: number
  /** The test's identity: its seed is derived from it, and its token carries it. */
  name?: string
  /** Default: derived from the name where there is one, else fixed. */
  seed?: number
  /** Called before each schedule; what it returns is called after it. */
  setup?: () => void | (() => void)
  /**
   * Gives the body anew before each schedule, outside of it and in real time: for state at module level, which `setup` can't
   * reset, import the modules again in it. `isolate: true` of `test.explore` and `heddle explore --isolate` do so through vite.
   */
  isolate?: () => ScenarioBody | Promise<ScenarioBody>
  /** Ends the exploration with the report so far. */
  signal?: AbortSignal
  /** Steps in one schedule; reaching it is a failure. Default: 100,000. */
  maxSteps?: number
  /** Milliseconds of real time for the whole exploration. */
  timeLimit?: number
  /**
   * 'tasks' (the default): every order of what is ready. 'io': ready tasks keep their FIFO order and only externals,
   * the clock and values are chosen, so that the real runtime can produce every schedule.
   */
  permute?: 'tasks' | 'io'
  /**
   * How long the plugin's choice points may take. 'slow' (the default): as long as they like, as if each were I/O, so that
   * timers may fire before an await of something that is there goes on. 'prompt': no time passes before they have gone on,
   * so that only their order is explored.
   */
  awaits?: 'slow' | 'prompt'
  /**
   * Puts the host's globals on virtual time: timers, Date, randomness, MessageChannel. Default: true, but for bodies that
   * are generator functions. An object says which of them.
   */
  globals?: boolean | GlobalsOptions
  /**
   * Milliseconds of real time after which a step that does not end (an endless loop) ends the process with exit code 2.
   * Default: 10,000; Infinity turns it off.
   */
  watchdog?: number
  /** A token to replay first. The environment variable HEDDLE_REPLAY does the same for the test that it names. */
  replay?: string
  /** Stop at the first failing schedule. Default: true. */
  bail?: boolean
  /**
   * 'tracked': all state that tasks share goes through `shared`, `track`, futures and Heddle's primitives, so that steps
   * which touch nothing in common may be taken to commute. `dpor` relies on it; the schedules themselves don't change.
   */
  assume?: 'tracked'
  /** Tasks left pending and exceptions never retrieved. Default: 'error'. */
  leaks?: 'error' | 'ignore'
  /**
   * Tasks that may be cancelled from outside, at any of their waits on something of Heddle's, once in a schedule: true for
   * all of them, the main task included, or their names. It is no failure then that the main task ends cancelled; it is
   * one if a lock is held at the end, or a permit, a task or a listener left. Default: false. See also `cancelAnywhere`
   * and `abortAnywhere`.
   */
  cancel?: boolean | string | readonly string[]
  /**
   * How many calls of `io` functions may meet one of their faults in a schedule; which of them do is a choice. False: none,
   * whatever their own options say. Default: `{ max: 1 }`.
   */
  faults?: false | { readonly max?: number }
  /** One of several shares of this exploration, which are explored elsewhere: together they are the whole. */
  shard?: Shard
  /**
   * The number of the first schedule, from 1: `{ seed, first: 123, schedules: 1 }` runs what was schedule 123 of the same
   * strategy and seed. (What that one has learnt from earlier schedules is learnt again, and not counted.) Default: 1.
   */
  first?: number
  /**
   * Where failing schedules are kept, to be run first next time: a directory, a store, or true for `.heddle`. It needs a
   * `name`. Default: nowhere.
   */
  corpus?: boolean | string | CorpusStore
  /** Called now and then, at most every 100 ms. */
  onProgress?: (progress: Progress) => void
}

/** What shapes a schedule, apart from its choices: a token carries these. */
export interface Shape {
  readonly permute: 'tasks' | 'io'
  readonly awaits: 'slow' | 'prompt'
  readonly maxSteps: number
  readonly leaks: 'error' | 'ignore'
  /** Null: no task is. */
  readonly cancel: CancelTargets | null
  /** How many faults of I/O a schedule may have. */
  readonly faults: number
  /** Which of the host's globals are replaced. Null: none; undefined: as the body needs. */
  readonly globals: GlobalsOptions | null | undefined
}

/** The options with their defaults, checked. */
export interface Settings extends Shape {
  readonly strategy: Strategy
  readonly schedules: number
  readonly name: string
  readonly seed: number
  readonly bail: boolean
  readonly assume: 'tracked' | undefined
  readonly timeLimit: number
  readonly setup: ExploreOptions['setup']
  readonly isolate: ExploreOptions['isolate']
  readonly signal: AbortSignal | undefined
  readonly replay: string | undefined
  readonly corpus: CorpusStore | null
  readonly watchdog: number
  readonly onProgress: ((progress: Progress) => void) | undefined
}

const ISOLATE =
  'option isolate must be a function here, which imports the modules again and gives the body: nothing but vite can import them anew. ' +
  'True is for test.explore of heddle/vitest; heddle explore has --isolate'

const DEFAULT_SEED = 0x48656464

/** @throws TypeError or RangeError naming the option that is wrong */
export function settle(options: ExploreOptions = {}): Settings {
  if (typeof options !== 'object' || options === null) throw new TypeError(`options must be an object, not ${String(options)}`)
  const schedules = count('schedules', options.schedules ?? 1000)
  const name = options.name ?? ''
  if (typeof name !== 'string') throw new TypeError('option name must be a string')
  const strategy = options.strategy ?? 'auto'
  kindOf('bail', options.bail, 'boolean')
  kindOf('setup', options.setup, 'function')
  if ((options.isolate as unknown) === true) throw new TypeError(ISOLATE)
  kindOf('isolate', options.isolate, 'function')
  kindOf('onProgress', options.onProgress, 'function')
  kindOf('replay', options.replay, 'string')
  if (options.signal !== undefined && typeof options.signal?.aborted !== 'boolean') {
    throw new TypeError('option signal must be an AbortSignal')
  }
  const whole = typeof strategy === 'string' ? strategyNamed(strategy, schedules) : checkStrategy(strategy)
  return {
    strategy: partOf(whole, options, schedules),
    schedules,
    name,
    seed: seedOf(options.seed, name),
    bail: options.bail ?? true,
    assume: options.assume === undefined ? undefined : oneOf<'tracked'>('assume', options.assume, ['tracked']),
    timeLimit: positive('timeLimit', options.timeLimit ?? Number.POSITIVE_INFINITY),
    setup: options.setup,
    isolate: options.isolate,
    signal: options.signal,
    replay: options.replay,
    corpus: corpusOf(options.corpus, name),
    onProgress: options.onProgress,
    globals: globalsOf(options.globals),
    watchdog: positive('watchdog', options.watchdog ?? 10_000),
    permute: oneOf('permute', options.permute ?? 'tasks', ['tasks', 'io']),
    awaits: oneOf('awaits', options.awaits ?? 'slow', ['slow', 'prompt']),
    maxSteps: count('maxSteps', options.maxSteps ?? 100_000),
    leaks: oneOf('leaks', options.leaks ?? 'error', ['error', 'ignore']),
    cancel: cancelOf(options.cancel),
    faults: faultsOf(options.faults),
  }
}

function cancelOf(cancel: unknown): CancelTargets | null {
  if (cancel === undefined || cancel === false) return null
  if (cancel === true) return true
  const names: unknown[] = Array.isArray(cancel) ? cancel : [cancel]
  if (!names.every((n) => typeof n === 'string')) {
    throw new TypeError('option cancel must be a boolean, the name of a task or several names')
  }
  return names.length === 0 ? null : [...new Set(names)].toSorted()
}

function faultsOf(faults: unknown): number {
  if (faults === undefined) return 1
  if (faults === false) return 0
  if (typeof faults !== 'object' || faults === null) throw new TypeError('option faults must be false or { max }')
  const { max = 1 } = faults as { max?: unknown }
  if (!Number.isSafeInteger(max) || (max as number) < 0) {
    throw new RangeError(`option faults.max must be a whole number of at least 0, not ${String(max)}`)
  }
  return max as number
}

function globalsOf(globals: unknown): GlobalsOptions | null | undefined {
  if (globals === undefined) return undefined
  if (typeof globals === 'boolean') return globals ? {} : null
  const parts = ['timers', 'clock', 'random', 'channels']
  if (typeof globals !== 'object' || globals === null) {
    throw new TypeError(`option globals must be a boolean or an object, not ${String(globals)}`)
  }
  for (const [part, value] of Object.entries(globals)) {
    if (!parts.includes(part)) throw new TypeError(`option globals has no part ${part}: it has ${parts.join(', ')}`)
    kindOf(`globals.${part}`, value, 'boolean')
  }
  return globals
}

function corpusOf(corpus: ExploreOptions['corpus'], name: string): CorpusStore | null {
  if (corpus === undefined || corpus === false) return null
  if (name === '') throw new TypeError('option corpus needs option name: kept schedules are found again by the name of their test')
  if (corpus === true) return host().openCorpus('.heddle')
  if (typeof corpus === 'string') return host().openCorpus(corpus)
  if (typeof corpus?.load === 'function' && typeof corpus.save === 'function' && typeof corpus.drop === 'function') return corpus
  throw new TypeError('option corpus must be a directory, true, or an object with load(), save() and drop()')
}

function partOf(whole: Strategy, { shard, first = 1 }: ExploreOptions, schedules: number): Strategy {
  if (!Number.isSafeInteger(first) || first < 1) throw new RangeError(`option first must be a whole number of at least 1, not ${String(first)}`)
  if (shard === undefined) return startingAt(whole, first)
  if (first !== 1) throw new TypeError('options first and shard exclude each other')
  return sharded(whole, shardOf(shard), schedules)
}

function shardOf(shard: Shard): Shard {
  const { index, count: all } = shard ?? {}
  if (!Number.isSafeInteger(index) || !Number.isSafeInteger(all) || index < 1 || index > all) {
    throw new RangeError(`option shard must be { index, count } with an index from 1 to count, not ${JSON.stringify(shard)}`)
  }
  return { index, count: all }
}

function checkStrategy(strategy: Strategy): Strategy {
  if (typeof strategy.begin !== 'function' || typeof strategy.pick !== 'function') {
    throw new TypeError('option strategy must be a name or an object with begin() and pick()')
  }
  return strategy
}

function seedOf(seed: number | undefined, name: string): number {
  if (seed === undefined) return name === '' ? DEFAULT_SEED : hash(name)
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new RangeError(`option seed must be a whole number from 0 to 2^53 - 1, not ${String(seed)}`)
  }
  return seed
}

function count(option: string, n: number): number {
  if (typeof n !== 'number' || !(n >= 1) || (n !== Number.POSITIVE_INFINITY && !Number.isInteger(n))) {
    throw new RangeError(`option ${option} must be a whole number of at least 1, not ${String(n)}`)
  }
  return n
}

function positive(option: string, n: number): number {
  if (typeof n !== 'number' || !(n > 0)) throw new RangeError(`option ${option} must be a number above 0, not ${String(n)}`)
  return n
}

function oneOf<T extends string>(option: string, value: T, values: readonly T[]): T {
  if (values.includes(value)) return value
  throw new TypeError(`option ${option} must be ${values.map((v) => `'${v}'`).join(' or ')}, not ${String(value)}`)
}

function kindOf(option: string, value: unknown, type: 'boolean' | 'function' | 'string'): void {
  if (value !== undefined && typeof value !== type) throw new TypeError(`option ${option} must be a ${type}, not ${String(value)}`)
}

/** FNV-1a over UTF-16 units, 32 bits. */
export function hash(text: string, start = 0x811c9dc5): number {
  let h = start
  for (let i = 0; i < text.length; i++) h = Math.imul(h ^ text.charCodeAt(i), 0x01000193)
  return h >>> 0
}
