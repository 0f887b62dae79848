import { inWords } from './bounded-search.js';
import { Estimate } from './estimate.js';
import { Prng } from './prng.js';
/**
 * Random schedules of a bounded cost: as many places as the bound says are drawn from all those at which an option
 * costs something, and there one that costs 1 is picked; everywhere else one that costs nothing.
 */
export class BoundedSampler {
    name;
    #model;
    #limit;
    #estimate = new Estimate();
    #prng = new Prng();
    #places = [];
    #costs = [];
    #choices = 0;
    constructor(name, model, limit) {
        this.name = name;
        this.#model = model;
        this.#limit = limit;
    }
    get bound() {
        return inWords(this.#limit, this.#model.unit);
    }
    begin(run) {
        if (run.schedule === 1)
            this.#estimate.reset();
        this.#prng.seed(run.seed, run.schedule);
        this.#choices = 0;
        const k = this.#estimate.choices;
        for (let i = 0; i < this.#limit; i++)
            this.#places[i] = 1 + this.#prng.below(k);
        return true;
    }
    pick(point) {
        const { count } = point;
        const costs = this.#costs;
        this.#model.price(point, costs);
        let dear = 0;
        for (let i = 0; i < count; i++)
            if (costs[i] === 1)
                dear++;
        const spend = dear > 0 && this.#places.includes(++this.#choices);
        const wanted = spend ? 1 : 0;
        let seen = 0;
        let pick = 0;
        for (let i = 0; i < count; i++)
            if (costs[i] === wanted && this.#prng.below(++seen) === 0)
                pick = i;
        return pick;
    }
    end() {
        this.#estimate.learn(this.#choices);
    }
}
