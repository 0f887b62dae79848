import { executeSync } from '../../src/explore/execution.ts'
import { isPreemption } from '../../src/explore/measure.ts'
import { settle } from '../../src/explore/options.ts'
import type { GeneratorBody } from '../../src/index.ts'
import type { Access, ChoicePoint, Strategy } from '../../src/strategies/index.ts'

/** What one schedule came to. */
export interface Run {
  readonly picks: string
  /** The product of the numbers of options: a random walk takes this schedule with probability 1 / product. */
  readonly product: number
  readonly preemptions: number
  /** Names the Mazurkiewicz trace: by object its writes in order, and the reads between them. */
  readonly trace: string
  /** The lanes, in the order of their accesses, by object. */
  readonly orders: ReadonlyMap<number, string>
  readonly failed: boolean
}

/** Writes down the accesses of a run; knows nothing of any strategy. */
class Log {
  readonly picks: number[] = []
  product = 1
  preemptions = 0
  readonly orders = new Map<number, string>()
  lane = 0
  readonly #events = new Map<number, number>()
  readonly #objects = new Map<number, { past: string; reads: string[] }>()

  access({ object, kind }: Access): void {
    const n = (this.#events.get(this.lane) ?? 0) + 1
    this.#events.set(this.lane, n)
    this.orders.set(object, `${this.orders.get(object) ?? ''} ${this.lane}`)
    const event = `${this.lane}.${n}`
    const o = this.#objects.get(object) ?? { past: '', reads: [] }
    this.#objects.set(object, o)
    if (kind === 'read') o.reads.push(event)
    else {
      o.past += `(${o.reads.sort().join(' ')})${event}`
      o.reads = []
    }
  }

  finish(failed: boolean): Run {
    const objects = [...this.#objects].sort(([a], [b]) => a - b)
    const trace = objects.map(([id, o]) => `${id}:${o.past}(${o.reads.sort().join(' ')})`).join(';')
    const { product, preemptions, orders } = this
    return { picks: this.picks.join(' '), product, preemptions, trace, orders, failed }
  }
}

/** The schedules that a strategy makes, until it ends or there are `most`. */
export function* runsOf(body: GeneratorBody, strategy: Strategy, { seed = 1, most = Number.POSITIVE_INFINITY } = {}): Generator<Run> {
  const settings = settle({ strategy, leaks: 'ignore' })
  for (let schedule = 1; schedule <= most && strategy.begin({ schedule, seed }); schedule++) {
    yield one(body, strategy, settings)
  }
}

/** One schedule of a strategy that has begun. */
export function one(body: GeneratorBody, strategy: Strategy, settings = settle({ strategy, leaks: 'ignore' })): Run {
  const log = new Log()
  const { fault, steps } = executeSync(body, settings, {
    chooser: {
      choose(point: ChoicePoint): number {
        const k = strategy.pickOf === undefined ? strategy.pick(point) : strategy.pickOf(point.count)
        log.picks.push(k)
        log.product *= point.count
        if (isPreemption(point, k)) log.preemptions++
        return k
      },
    },
    observer: {
      step(option) {
        log.lane = option.lane ?? 0
        if (strategy.watches === true) strategy.step?.(option)
      },
      access(access) {
        log.access(access)
        if (strategy.watches === true) strategy.access?.(access)
      },
    },
  })
  strategy.end?.({ failed: fault !== null, steps })
  return log.finish(fault !== null)
}

/** How often each value occurs. */
export function tally(values: Iterable<string>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const v of values) counts.set(v, (counts.get(v) ?? 0) + 1)
  return counts
}
