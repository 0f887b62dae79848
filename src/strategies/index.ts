import { auto } from './auto.ts'
import { exhaustive } from './exhaustive.ts'
import { fifo } from './fifo.ts'
import { random } from './random.ts'
import type { Strategy } from './strategy.ts'

export { auto, exhaustive, fifo, random }
export type { Access, ChoicePoint, Option, RunInfo, RunOutcome, Strategy } from './strategy.ts'

/** The strategies that can be named in the options. */
export type StrategyName = 'auto' | 'exhaustive' | 'fifo' | 'random'

const BY_NAME: { readonly [N in StrategyName]: (options: { schedules: number }) => Strategy } = {
  auto,
  exhaustive,
  fifo,
  random,
}

/** The strategy of that name, for a budget of so many schedules. @throws TypeError naming the ones there are */
export function strategyNamed(name: string, schedules: number): Strategy {
  if (!Object.hasOwn(BY_NAME, name)) {
    throw new TypeError(`no strategy is called ${JSON.stringify(name)}; there are ${Object.keys(BY_NAME).join(', ')}`)
  }
  return BY_NAME[name as StrategyName]({ schedules })
}
