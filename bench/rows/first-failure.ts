import { lateWindow } from '../../fixtures/sct/late-window.ts'
import { checkSync, type Strategy } from '../../src/index.ts'
import { auto, pct, random } from '../../src/strategies/index.ts'
import { firstFailureOfScheduled } from '../peers/fast-check.ts'
import type { CountRow } from '../row.ts'

const STEPS = 12
const MOST = 100_000

function schedulesTo(make: () => Strategy, seed: number): number {
  const { failure } = checkSync(() => lateWindow(STEPS), { strategy: make(), schedules: MOST, seed })
  return failure?.schedule ?? Number.POSITIVE_INFINITY
}

function row(id: string, make: () => Strategy, rival: CountRow['rivals'][number], meaning: string, goalCount?: number): CountRow {
  return {
    id: `late-window-${id}`,
    title: `a window of one step, the last but one of ${STEPS}, under ${id}`,
    unit: 'schedules to the first failure',
    ours: { name: id, count: (seed) => schedulesTo(make, seed) },
    rivals: [rival],
    ...(goalCount === undefined ? {} : { goalCount }),
    meaning,
  }
}

const fastCheck = {
  id: 'fast-check',
  name: 'fast-check, a uniform pick of promises',
  count: (seed: number) => firstFailureOfScheduled(STEPS, seed, MOST),
}
const walk = { id: 'random', name: 'random', count: (seed: number) => schedulesTo(random, seed) }

export const firstFailure: readonly CountRow[] = [
  row('random', random, fastCheck, 'a bug that needs one task to stand still is rare among random orders'),
  row('pct', () => pct({ depth: 2 }), walk, 'and is met once in so many steps where priorities are what is random', 20),
  row('auto', () => auto({ schedules: MOST }), walk, 'the default, which knows nothing of the bug', 20),
]
