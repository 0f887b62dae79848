import { Prng } from './prng.js';
import { Profile } from './profile.js';
/**
 * Race-directed random testing, after RaceFuzzer (Sen, PLDI 2008): each schedule draws one place of the program at which
 * a shared object is touched, and holds every lane back that is about to touch it there, as long as any other can go
 * on. All the rest runs in random order, so that whatever may come between does.
 *
 * Departures: a place is no line of code but the accesses that the lane has made before and the one it is about to make;
 * it is drawn from what earlier schedules touched instead of a list of suspected races; of the lanes held back a random
 * one goes on when nobody else can. The first schedule is FIFO.
 */
export class Race {
    name = 'race';
    watches = true;
    #shared;
    #profile;
    #places = new Places();
    #prng = new Prng();
    #free = [];
    #target = 0;
    /** @param shared what several strategies of one exploration learn together */
    constructor(shared) {
        this.#profile = shared ?? new Profile();
        this.#shared = shared !== undefined;
    }
    begin(run) {
        if (run.schedule === 1) {
            this.#places = new Places();
            if (!this.#shared)
                this.#profile = new Profile();
        }
        this.#prng.seed(run.seed, run.schedule);
        this.#profile.begin();
        this.#places.begin();
        this.#target = this.#places.draw(this.#prng, this.#profile);
        return true;
    }
    step(option) {
        this.#profile.step(option);
    }
    access(access) {
        this.#places.note(this.#profile.lane, access, this.#profile.access(access));
    }
    pick(point) {
        const { runs } = this.#profile;
        if (this.#target === 0 || point.optionAt(0).kind === 'value')
            return runs === 0 ? 0 : this.#prng.below(point.count);
        let free = 0;
        for (let i = 0; i < point.count; i++)
            if (!this.#isHeld(point.optionAt(i)))
                this.#free[free++] = i;
        return free === 0 ? this.#prng.below(point.count) : this.#free[this.#prng.below(free)];
    }
    #isHeld(option) {
        const access = this.#profile.next(option);
        return access !== undefined && this.#places.at(option.lane ?? 0, access) === this.#target;
    }
    end(_outcome) {
        this.#profile.end();
    }
}
/** The places at which lanes touched something: what a lane had touched before, and what it touches there. */
export class Places {
    /** By lane, in this schedule: a hash of its accesses so far. */
    #past = [];
    /** By object. */
    #places = new Map();
    #known = new Set();
    begin() {
        this.#past.fill(0);
    }
    /** Never 0. */
    at(lane, access) {
        const h = Math.imul((this.#past[lane] ?? 0) ^ (access.object * 2 + (access.kind === 'write' ? 1 : 0)), 0x9e3779b1);
        return (h ^ (h >>> 15)) | 1;
    }
    note(lane, access, firstOfStep) {
        const place = this.at(lane, access);
        while (this.#past.length <= lane)
            this.#past.push(0);
        this.#past[lane] = place;
        if (!firstOfStep || this.#known.has(place))
            return;
        this.#known.add(place);
        const places = this.#places.get(access.object);
        if (places === undefined)
            this.#places.set(access.object, [place]);
        else
            places.push(place);
    }
    /** A place at which an object is touched that lanes race for; 0 if there is none. */
    draw(prng, profile) {
        const { racy } = profile;
        if (racy.length === 0)
            return 0;
        const places = this.#places.get(racy[prng.below(racy.length)].object);
        return places === undefined ? 0 : places[prng.below(places.length)];
    }
}
/**
 * Holds lanes back at one place in each schedule, so that others come between.
 *
 * @example
 * ```ts
 * await check(body, { strategy: race() })
 * ```
 */
export function race() {
    return new Race();
}
