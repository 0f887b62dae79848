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
 * `race` has every other turn: where accesses are recorded it needs fewest schedules by far, however many tasks there
 * are; elsewhere few delays, few preemptions and priorities take its turns. The others are there for what it can't see:
 * few changes of priority, many of them, one preemption, and uniformity. The random walk's schedules are also auto's
 * probes.
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
  return [
    race,
    pct({ depth: 20 }),
    race,
    preemption({ bound: 1, random: true }),
    race,
    pct({ depth: 2 }),
    race,
    new Surw(profile),
    pos(),
    random(),
  ]
}
