import { NondeterminismError } from './exhaustive.js';
/** The cost of a schedule so far, in words: '1 preemption'. */
export function inWords(n, unit) {
    return `${n} ${unit}${n === 1 ? '' : 's'}`;
}
/**
 * Every schedule in the order of its cost: first all that cost nothing, then all that cost 1, and so on up to a limit;
 * none twice. Where nothing was left out the last schedule ends a proof; else the proof is up to the limit.
 *
 * A schedule goes on with picks that cost nothing; every other option that it meets is kept, with the picks that lead
 * there, for when its cost is due. Memory grows with the number of options kept.
 */
export class BoundedSearch {
    name;
    #model;
    #limit;
    /** Alternatives of the present cost. */
    #free = [];
    /** By cost: alternatives for later, in the order in which they were met. */
    #later = [];
    #picks = [];
    #counts = [];
    #costs = [];
    #forced = 0;
    #depth = 0;
    #last = null;
    #cost = 0;
    #finished = false;
    constructor(name, model, limit) {
        this.name = name;
        this.#model = model;
        this.#limit = limit;
    }
    /** What is complete: the limit in the end, before it the last cost of which every schedule has been run. */
    get bound() {
        if (!this.#finished)
            return this.#cost === 0 ? undefined : inWords(this.#cost - 1, this.#model.unit);
        return this.#limit === Number.POSITIVE_INFINITY ? undefined : inWords(this.#limit, this.#model.unit);
    }
    begin(run) {
        this.#depth = 0;
        this.#forced = 0;
        this.#last = null;
        if (run.schedule === 1) {
            this.#free.length = 0;
            this.#later.length = 0;
            this.#cost = 0;
            this.#finished = false;
            return true;
        }
        const next = this.#next();
        if (next === undefined) {
            this.#finished = true;
            return false;
        }
        this.#forced = next.depth;
        this.#last = next;
        for (let s = next; s !== null; s = s.before) {
            this.#picks[s.depth - 1] = s.pick;
            this.#counts[s.depth - 1] = s.count;
        }
        return true;
    }
    #next() {
        for (;;) {
            const next = this.#free.pop();
            if (next !== undefined)
                return next;
            if (this.#cost >= this.#limit || this.#cost + 1 >= this.#later.length)
                return undefined;
            const due = this.#later[++this.#cost] ?? [];
            this.#later[this.#cost] = undefined;
            while (due.length > 0)
                this.#free.push(due.pop());
        }
    }
    pick(point) {
        const { count } = point;
        const depth = this.#depth++;
        if (depth < this.#forced) {
            const before = this.#counts[depth];
            if (before !== count)
                throw new NondeterminismError(depth + 1, count, before);
            return this.#picks[depth];
        }
        const costs = this.#costs;
        this.#model.price(point, costs);
        let pick = 0;
        while (costs[pick] !== 0)
            pick++;
        const before = this.#last;
        // The first alternative is on top of the stack.
        for (let i = count - 1; i >= 0; i--) {
            if (i === pick)
                continue;
            const cost = this.#cost + costs[i];
            if (cost > this.#limit)
                continue;
            const step = { before, depth: depth + 1, pick: i, count };
            if (cost === this.#cost)
                this.#free.push(step);
            else
                this.#keep(cost, step);
        }
        this.#last = { before, depth: depth + 1, pick, count };
        return pick;
    }
    #keep(cost, step) {
        while (this.#later.length <= cost)
            this.#later.push(undefined);
        const kept = this.#later[cost];
        if (kept === undefined)
            this.#later[cost] = [step];
        else
            kept.push(step);
    }
}
