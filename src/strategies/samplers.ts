import { delay } from './delay.ts'
import { pct } from './pct.ts'
import { pos } from './pos.ts'
import { preemption } from './preemption.ts'
import { Profile } from './profile.ts'
import { Race } from './race.ts'
import { random } from './random.ts'
import { RecordedOrNot } from './recorded-or-not.ts'
import type { Strategy } from './strategy.ts'
import { Surw } from './surw.ts'

/**
 * The members of a portfolio for programs of which nothing is known, in their turns. What they learn they share.
 *
 * `race` has the most turns: where accesses are recorded it needs fewest schedules by far, however many tasks there are;
 * elsewhere few delays, few preemptions and priorities take its turns. Many changes of priority find what needs several
 * tasks held up at once, few of them what needs one held up for long. The others are there for what these can't see: a
 * single preemption, and uniformity. The random walk's schedules are also auto's probes.
 */
export function samplers(): Strategy[] {
  const profile = new Profile()
  const race = new RecordedOrNot(new Race(profile), profile, [
    delay({ bound: 1, random: true }),
    pos(),
    preemption({ bound: 2, random: true }),
    pct({ depth: 3 }),
    delay({ bound: 2, random: true }),
  ])
  const many = pct({ depth: 20 })
  const one = preemption({ bound: 1, random: true })
  return [race, many, race, race, race, pct({ depth: 2 }), many, race, new Surw(profile), one, pos(), random()]
}
