import { Prng } from './prng.js';
/** A random walk: uniform over the enabled options at each choice point, seeded per schedule. */
export function random() {
    const prng = new Prng();
    return {
        name: 'random',
        begin(run) {
            prng.seed(run.seed, run.schedule);
            return true;
        },
        pick: (point) => prng.below(point.count),
        pickOf: (count) => prng.below(count),
    };
}
