import { Estimate } from './estimate.ts'
import { Pct } from './pct.ts'
import { pos } from './pos.ts'
import { preemption } from './preemption.ts'
import { Profile } from './profile.ts'
import { Race } from './race.ts'
import { random } from './random.ts'
import type { Strategy } from './strategy.ts'
import { Surw } from './surw.ts'

/**
 * The members of a portfolio for programs of which nothing is known. What they learn from schedules they share.
 */
export function samplers(): Strategy[] {
  const profile = new Profile()
  const estimate = new Estimate()
  const race = new Race(profile)
  return [
    race,
    pos(),
    race,
    preemption({ bound: 1, random: true }),
    race,
    new Pct(2, estimate, estimate),
    race,
    new Surw(profile),
    random(),
  ]
}
