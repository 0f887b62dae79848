import { Estimate } from './estimate.js';
import { Pct } from './pct.js';
import { pos } from './pos.js';
import { preemption } from './preemption.js';
import { Profile } from './profile.js';
import { Race } from './race.js';
import { random } from './random.js';
import { Surw } from './surw.js';
/**
 * The members of a portfolio for programs of which nothing is known. What they learn from schedules they share.
 */
export function samplers() {
    const profile = new Profile();
    const estimate = new Estimate();
    return [
        new Race(profile),
        new Surw(profile),
        new Pct(2, estimate, estimate),
        preemption({ bound: 1, random: true }),
        pos(),
        random(),
    ];
}
