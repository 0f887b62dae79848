import type { RunInfo, Strategy } from './strategy.ts'

/**
 * The one order that CPython's asyncio would give: a single schedule.
 *
 * @example
 * ```ts
 * await check(body, { strategy: fifo() })
 * ```
 */
export function fifo(): Strategy {
  return {
    name: 'fifo',
    prologue: 0,
    begin: (run: RunInfo) => run.schedule === 1,
    pick: () => 0,
    pickOf: () => 0,
  }
}
