import { auto } from './auto.ts'
import { delay } from './delay.ts'
import { dpor } from './dpor.ts'
import { exhaustive } from './exhaustive.ts'
import { fifo } from './fifo.ts'
import { pct } from './pct.ts'
import { portfolio } from './portfolio.ts'
import { pos } from './pos.ts'
import { preemption } from './preemption.ts'
import { race } from './race.ts'
import { random } from './random.ts'
import type { Strategy } from './strategy.ts'
import { surw } from './surw.ts'
import { urw } from './urw.ts'

type Factory = (budget: { schedules: number }) => Strategy

const BY_NAME = {
  auto,
  delay: () => delay(),
  dpor,
  exhaustive,
  fifo,
  pct: () => pct(),
  portfolio: () => portfolio(),
  pos,
  preemption: () => preemption(),
  race,
  random,
  surw,
  urw,
} satisfies Record<string, Factory>

/** The strategies that can be named in the options. */
export type StrategyName = keyof typeof BY_NAME

function isName(name: string): name is StrategyName {
  return Object.hasOwn(BY_NAME, name)
}

/**
 * The strategy of that name, for a budget of so many schedules. @throws TypeError naming the ones there are
 *
 * @example
 * ```ts
 * await check(body, { strategy: portfolio([strategyNamed('pct', 1000), surw()]) })
 * ```
 */
export function strategyNamed(name: string, schedules: number): Strategy {
  if (!isName(name)) {
    throw new TypeError(`no strategy is called ${JSON.stringify(name)}; there are ${Object.keys(BY_NAME).join(', ')}`)
  }
  return BY_NAME[name]({ schedules })
}
