import { bounded } from './preemption.js';
/** How far a lane is from the one that ran last, in the order in which lanes were made, round and round. */
function distance(option, lastLane) {
    const { lane } = option;
    if (lane === undefined)
        return Number.POSITIVE_INFINITY;
    return lane >= lastLane ? lane - lastLane : lane - lastLane + Number.MAX_SAFE_INTEGER / 2;
}
const distances = [];
/** Each lane that could run and is passed over costs 1. */
export const delays = {
    unit: 'delay',
    price(point, costs) {
        const { count, lastLane } = point;
        if (point.optionAt(0).kind === 'value') {
            for (let i = 0; i < count; i++)
                costs[i] = 0;
            return;
        }
        for (let i = 0; i < count; i++)
            distances[i] = distance(point.optionAt(i), lastLane);
        for (let i = 0; i < count; i++) {
            const mine = distances[i];
            let passed = 0;
            for (let j = 0; j < count; j++) {
                const d = distances[j];
                // Two options of one lane are passed over together.
                if (d < mine && distances.indexOf(d) === j)
                    passed++;
            }
            costs[i] = passed;
        }
    },
};
/**
 * Delay bounding (Emmi, Qadeer and Rakamarić, POPL 2011): the schedule is that of a deterministic scheduler, which lets
 * a lane go on until it has to wait and then turns to the next one in the order in which they were made, round and
 * round; a delay makes it pass over the lane whose turn it is. Every schedule without a delay, then with one, with two
 * and so on, none twice, up to `bound`.
 *
 * Departure: several options of one lane, and values, are no delays but all tried. With `random`, random
 * schedules with at most so many delays.
 *
 * @throws RangeError if bound is no whole number of at least 0
 * @example
 * ```ts
 * await check(body, { strategy: delay({ bound: 2 }) })
 * ```
 */
export function delay(options = {}) {
    return bounded('delay', delays, options);
}
