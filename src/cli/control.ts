/** Whole numbers that the threads share. */
const LOCK = 0
const ACTIVE = 1
const ARRIVED = 2
const GENERATION = 3
const FAILED = 4
const ENDED = 5
const INTERRUPTED = 6
const INTS = 8

/** What a worker counts while it explores; the share of the space is an estimate, NaN where there is none. */
export const COUNTERS = ['schedules', 'steps', 'choicePoints', 'failures', 'explored'] as const
export type Counter = (typeof COUNTERS)[number]

/** Rounds after which the workers wait for one another: often at first, since failures tend to come early. */
const FIRST_MEETING = 8
const EVERY = 256

/**
 * What the workers of one exploration and the main thread share. With `bail` the workers meet after so many schedules
 * each, and end together if one has failed: so what they have run does not depend on which thread was faster.
 */
export class Control {
  readonly memory: SharedArrayBuffer
  readonly #ints: Int32Array
  readonly #floats: Float64Array

  constructor(memory: SharedArrayBuffer) {
    this.memory = memory
    this.#ints = new Int32Array(memory, 0, INTS)
    this.#floats = new Float64Array(memory, INTS * 4)
  }

  static of(workers: number): Control {
    const control = new Control(new SharedArrayBuffer(INTS * 4 + workers * COUNTERS.length * 8))
    control.#ints[ACTIVE] = workers
    return control
  }

  /** The figures of worker `w`, written by it and read by the main thread. */
  count(w: number, counter: Counter, n: number): void {
    this.#floats[w * COUNTERS.length + COUNTERS.indexOf(counter)] = n
  }

  /** Of all workers. */
  total(counter: Counter): number {
    let sum = 0
    for (let i = COUNTERS.indexOf(counter); i < this.#floats.length; i += COUNTERS.length) sum += this.#floats[i] as number
    return sum
  }

  get interrupted(): boolean {
    return Atomics.load(this.#ints, INTERRUPTED) === 1
  }

  /** Asks all workers to end after the schedule that they are in. */
  interrupt(): void {
    Atomics.store(this.#ints, INTERRUPTED, 1)
    this.#locked(() => this.#release())
  }

  /** A worker has failed: at the next meeting all end. */
  fail(): void {
    Atomics.store(this.#ints, FAILED, 1)
  }

  /** A worker goes, and is not waited for any more. */
  leave(): void {
    this.#locked(() => {
      this.#ints[ACTIVE] = (this.#ints[ACTIVE] as number) - 1
      if ((this.#ints[ARRIVED] as number) > 0 && (this.#ints[ARRIVED] as number) >= (this.#ints[ACTIVE] as number)) this.#release()
    })
  }

  /** Waits for the other workers, if this is the round for it. False: it is time to end. */
  meet(round: number): boolean {
    if (!isMeeting(round)) return true
    const ints = this.#ints
    const generation = this.#locked(() => {
      const before = Atomics.load(ints, GENERATION)
      ints[ARRIVED] = (ints[ARRIVED] as number) + 1
      if ((ints[ARRIVED] as number) >= (ints[ACTIVE] as number)) this.#release()
      return before
    })
    // Does not wait if the last one has come.
    Atomics.wait(ints, GENERATION, generation)
    return Atomics.load(ints, ENDED) === 0
  }

  /** Lets go who waits. What they are told is what was known when the last one arrived. */
  #release(): void {
    const ints = this.#ints
    ints[ARRIVED] = 0
    Atomics.store(ints, ENDED, Atomics.load(ints, FAILED))
    Atomics.add(ints, GENERATION, 1)
    Atomics.notify(ints, GENERATION)
  }

  #locked<T>(action: () => T): T {
    // Held for a few instructions.
    while (Atomics.compareExchange(this.#ints, LOCK, 0, 1) !== 0);
    try {
      return action()
    } finally {
      Atomics.store(this.#ints, LOCK, 0)
    }
  }
}

function isMeeting(round: number): boolean {
  if (round < EVERY) return round >= FIRST_MEETING && (round & (round - 1)) === 0
  return round % EVERY === 0
}
