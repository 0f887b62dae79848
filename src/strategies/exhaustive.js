/** A program gave another number of options where its choices were the same. */
export class NondeterminismError extends Error {
    name = 'NondeterminismError';
    constructor(choice, now, before) {
        super(`choice ${choice} has ${now} options now, and had ${before} when the same choices led to it before`);
    }
}
/**
 * Every schedule, depth first: the first one is FIFO, and each next one changes the last pick that can still be
 * changed. It needs memory for one schedule only.
 */
export class Exhaustive {
    name = 'exhaustive';
    #picks = [];
    #counts = [];
    #depth = 0;
    #started = false;
    begin(_run) {
        this.#depth = 0;
        if (!this.#started) {
            this.#started = true;
            return true;
        }
        const picks = this.#picks;
        const counts = this.#counts;
        while (picks.length > 0) {
            const last = picks.length - 1;
            const pick = picks[last] + 1;
            if (pick < counts[last]) {
                picks[last] = pick;
                return true;
            }
            picks.pop();
            counts.pop();
        }
        return false;
    }
    pick(point) {
        return this.pickOf(point.count);
    }
    pickOf(count) {
        const depth = this.#depth++;
        if (depth === this.#picks.length) {
            this.#picks.push(0);
            this.#counts.push(count);
            return 0;
        }
        const before = this.#counts[depth];
        if (before !== count)
            throw new NondeterminismError(depth + 1, count, before);
        return this.#picks[depth];
    }
    end() {
        // A schedule that ended early leaves picks that were never reached.
        this.#picks.length = this.#depth;
        this.#counts.length = this.#depth;
    }
}
export function exhaustive() {
    return new Exhaustive();
}
