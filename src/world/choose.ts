import { currentLoop } from '../asyncio/current-loop.ts'

/**
 * Lets the strategy choose: a number from 0 to n - 1, or one of the values. It is synchronous. Outside a run, and
 * under `fifo`, it gives the first one.
 *
 * @throws RangeError if there is nothing to choose from
 *
 * @example
 * ```ts
 * const size = choose([1, 10, 1000], 'batch size')
 * const coin = choose(2)
 * ```
 */
export function choose(n: number, label?: string): number
export function choose<const T>(values: readonly T[], label?: string): T
export function choose<T>(from: number | readonly T[], label?: string): number | T {
  const count = typeof from === 'number' ? from : from.length
  if (!Number.isInteger(count) || count < 1) {
    throw new RangeError(`choose needs a whole number of options, at least one; got ${count}`)
  }
  const k = currentLoop()?.pickValue(count, label) ?? 0
  return typeof from === 'number' ? k : (from[k] as T)
}
