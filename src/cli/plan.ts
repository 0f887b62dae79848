import { strategyNamed } from '../strategies/named.ts'
import type { Shard } from '../strategies/shards/territory.ts'
import { Misuse } from './misuse.ts'

/** What is explored and how, as plain data: it is sent to the workers. */
export interface Plan {
  readonly strategy: string
  readonly schedules: number
  readonly seed: number | undefined
  /** The number of the first schedule. */
  readonly first: number
  /** Milliseconds. */
  readonly timeLimit: number | undefined
  readonly permute: 'tasks' | 'io'
  readonly assume: 'tracked' | undefined
  readonly leaks: 'error' | 'ignore'
  readonly maxSteps: number
  /** The tasks that may be cancelled; true: any. */
  readonly cancel: true | readonly string[] | undefined
  /** How many faults a schedule may have; undefined: as `explore` has it. */
  readonly faults: number | undefined
  readonly bail: boolean
  readonly workers: number
  readonly shard: Shard
  /** The directory of the corpus. */
  readonly corpus: string | undefined
  /** Whether the project's modules are imported again for each schedule. */
  readonly isolate: boolean
}

/** Options as they are written on the command line. */
export interface RawOptions {
  readonly strategy: string
  readonly schedules?: string
  readonly seed?: string
  readonly first?: string
  readonly time?: string
  readonly permute: string
  readonly assume?: string
  readonly leaks: string
  readonly maxSteps: string
  readonly cancel?: readonly string[]
  readonly faults?: string
  readonly bail: boolean
  readonly workers: string
  readonly shard: string
  readonly corpus?: string | true
  readonly isolate?: boolean
}

/** @throws Misuse naming the option that is wrong */
export function planOf(raw: RawOptions): Plan {
  const timeLimit = raw.time === undefined ? undefined : duration(raw.time)
  const fallback = timeLimit === undefined ? 1000 : Number.POSITIVE_INFINITY
  const schedules = raw.schedules === undefined ? fallback : whole('--schedules', raw.schedules, 1)
  try {
    strategyNamed(raw.strategy, schedules)
  } catch (error) {
    throw new Misuse(`--strategy: ${error instanceof Error ? error.message : String(error)}`)
  }
  const workers = whole('--workers', raw.workers, 1, 64)
  const shard = shardOf(raw.shard)
  const first = whole('--first', raw.first ?? '1', 1)
  if (first > 1 && (workers > 1 || shard.count > 1)) throw new Misuse('--first needs one worker and no --shard: it is for looking at one schedule')
  return {
    strategy: raw.strategy,
    schedules,
    seed: raw.seed === undefined ? undefined : whole('--seed', raw.seed, 0),
    timeLimit,
    permute: oneOf('--permute', raw.permute, ['tasks', 'io']),
    assume: raw.assume === undefined ? undefined : oneOf<'tracked'>('--assume', raw.assume, ['tracked']),
    leaks: oneOf('--leaks', raw.leaks, ['error', 'ignore']),
    maxSteps: whole('--max-steps', raw.maxSteps, 1),
    cancel: cancelOf(raw.cancel),
    faults: raw.faults === undefined ? undefined : whole('--faults', raw.faults, 0),
    bail: raw.bail,
    first,
    workers,
    shard,
    corpus: raw.corpus === true ? '.heddle' : raw.corpus,
    isolate: raw.isolate === true,
  }
}

function cancelOf(tasks: readonly string[] | undefined): true | readonly string[] | undefined {
  if (tasks?.includes('') === true) throw new Misuse("--cancel must be the name of a task, or 'any', not ''")
  return tasks?.includes('any') === true ? true : tasks
}

function whole(option: string, text: string, least: number, most = Number.MAX_SAFE_INTEGER): number {
  const n = /^\d[\d_]*$/.test(text) ? Number(text.replaceAll('_', '')) : Number.NaN
  if (Number.isSafeInteger(n) && n >= least && n <= most) return n
  const to = most === Number.MAX_SAFE_INTEGER ? `of at least ${least}` : `from ${least} to ${most}`
  throw new Misuse(`${option} must be a whole number ${to}, not '${text}'`)
}

const UNITS = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 }

function duration(text: string): number {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h)$/.exec(text)
  const ms = match === null ? 0 : Number(match[1]) * UNITS[match[2] as keyof typeof UNITS]
  if (ms > 0) return ms
  throw new Misuse(`--time must be a duration such as 500ms, 60s, 5m or 1h, not '${text}'`)
}

function oneOf<T extends string>(option: string, text: string, values: readonly T[]): T {
  const value = values.find((v) => v === text)
  if (value === undefined) throw new Misuse(`${option} must be ${values.map((v) => `'${v}'`).join(' or ')}, not '${text}'`)
  return value
}

function shardOf(text: string): Shard {
  const match = /^(\d{1,4})\/(\d{1,4})$/.exec(text)
  const [index, count] = [Number(match?.[1]), Number(match?.[2])]
  if (match !== null && index >= 1 && index <= count) return { index, count }
  throw new Misuse(`--shard must be i/n with i from 1 to n, such as 2/4, not '${text}'`)
}
