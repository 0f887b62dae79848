import { NondeterminismError } from './exhaustive.js';
const DONE = Symbol('done');
/**
 * The schedules that were run, as a tree of choices, so that none is run twice, in whatever order they come, and the
 * last one is known to be the last. What is complete is forgotten; the rest takes memory.
 */
export class Explored {
    /** Every schedule was run. */
    done = false;
    /** Choices kept in memory. */
    size = 0;
    /** The product of the numbers of open options along the present schedule. */
    open = 1;
    #root = null;
    #choices = [];
    #picks = [];
    #depth = 0;
    begin() {
        this.#depth = 0;
        this.open = 1;
    }
    /** The option k, if anything is left behind it; else an open one: a random one, or without `prng` the first one. */
    follow(count, k, prng) {
        const choice = this.#enter(count);
        let pick = k;
        if (choice.next[k] === DONE) {
            let skip = prng === null ? 0 : prng.below(choice.left);
            pick = 0;
            while (choice.next[pick] === DONE || skip-- > 0)
                pick++;
        }
        this.open *= choice.left;
        this.#choices[this.#depth] = choice;
        this.#picks[this.#depth++] = pick;
        return pick;
    }
    #enter(count) {
        const before = this.#choices[this.#depth - 1];
        const known = this.#depth === 0 ? this.#root : before?.next[this.#picks[this.#depth - 1]];
        if (typeof known === 'object' && known !== null) {
            if (known.count !== count)
                throw new NondeterminismError(this.#depth + 1, count, known.count);
            return known;
        }
        const choice = { count, next: [], left: count };
        this.size++;
        if (this.#depth === 0)
            this.#root = choice;
        else if (before !== undefined)
            before.next[this.#picks[this.#depth - 1]] = choice;
        return choice;
    }
    /** The schedule has ended. */
    end() {
        for (let d = this.#depth - 1; d >= 0; d--) {
            const choice = this.#choices[d];
            choice.next[this.#picks[d]] = DONE;
            if (--choice.left > 0)
                return;
            this.size--;
        }
        this.done = true;
    }
}
