import { auto } from './auto.js';
import { delay } from './delay.js';
import { exhaustive } from './exhaustive.js';
import { fifo } from './fifo.js';
import { pct } from './pct.js';
import { portfolio } from './portfolio.js';
import { pos } from './pos.js';
import { preemption } from './preemption.js';
import { race } from './race.js';
import { random } from './random.js';
import { surw } from './surw.js';
import { urw } from './urw.js';
const BY_NAME = {
    auto,
    delay: () => delay(),
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
};
function isName(name) {
    return Object.hasOwn(BY_NAME, name);
}
/** The strategy of that name, for a budget of so many schedules. @throws TypeError naming the ones there are */
export function strategyNamed(name, schedules) {
    if (!isName(name)) {
        throw new TypeError(`no strategy is called ${JSON.stringify(name)}; there are ${Object.keys(BY_NAME).join(', ')}`);
    }
    return BY_NAME[name]({ schedules });
}
