import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { checkSync, gather, runSync, shared, sleep } from '../../src/index.ts'
import { type Figure, grouped } from './figure.ts'

const SAMPLES = 10
/** The heap, after a collection, may differ by so much between the second sample and the last. */
const TOLERANCE = 4
const MIB = 2 ** 20
/** So many bytes may a choice take in the list of its schedule, which doubles at times. */
const A_CHOICE = 64

function* twoTasks(each: number, tick: () => void) {
  function* half() {
    for (let n = 0; n < each; n++) {
      yield* sleep(0)
      tick()
    }
  }
  yield* gather([half(), half()])
}

/** A run of ten steps, and an exploration of one schedule, for each attempt: the heap is as large at the end as at the beginning. */
export const memory: Figure = {
  name: 'memory',
  full: 1_000_000,
  short: 20_000,
  run(attempts, say) {
    const steps = new Curve(10 * attempts)
    runSync(() => twoTasks(5 * attempts, () => steps.tick()))
    say(`a run of ${grouped(10 * attempts)} steps: ${steps.told()}`)

    // An exploration remembers the choices of the schedule under way, for its token.
    const choices = new Curve(attempts)
    const long = checkSync(() => twoTasks(attempts / 2, () => choices.tick()), { strategy: 'fifo', schedules: 1, maxSteps: Number.POSITIVE_INFINITY })
    if (long.choicePoints < attempts / 2) throw new Error(`the schedule has ${long.choicePoints} choices only`)
    const bytes = (choices.grown * MIB) / attempts
    if (bytes > A_CHOICE) throw new Error(`each choice takes ${bytes.toFixed(0)} bytes`)
    say(`one schedule of ${grouped(long.choicePoints)} choices: ${bytes.toFixed(0)} bytes for each`)

    const schedules = new Curve(attempts)
    const many = checkSync(
      function* () {
        const cell = shared(0)
        const add = function* () {
          yield* cell.update((n) => n + 1)
          yield* cell.update((n) => n + 1)
        }
        yield* gather([add(), add(), add()])
      },
      { strategy: 'random', schedules: attempts, setup: () => schedules.tick() },
    )
    if (many.schedules !== attempts) throw new Error(`${many.schedules} schedules instead of ${attempts}`)
    say(`an exploration of ${grouped(many.schedules)} schedules: ${schedules.told()}`)
  },
}

/** The heap after a collection and the resident set, at each tenth of the way. */
class Curve {
  readonly #every: number
  readonly #heap: number[] = []
  readonly #resident: number[] = []
  #count = 0

  constructor(ticks: number) {
    this.#every = Math.max(1, Math.floor(ticks / SAMPLES))
  }

  tick(): void {
    if (++this.#count % this.#every !== 0) return
    collect()
    const { heapUsed, rss } = process.memoryUsage()
    this.#heap.push(heapUsed / MIB)
    this.#resident.push(rss / MIB)
  }

  /** In MiB. */
  get grown(): number {
    return (this.#heap.at(-1) ?? 0) - (this.#heap[1] ?? 0)
  }

  /** @throws Error if it has grown */
  told(): string {
    const { grown } = this
    const words = `heap ${this.#heap.map((x) => x.toFixed(1)).join(' ')} MiB; RSS ${this.#resident.map((x) => x.toFixed(0)).join(' ')} MiB`
    if (this.#heap.length < SAMPLES || grown > TOLERANCE) throw new Error(`it has grown by ${grown.toFixed(1)} MiB: ${words}`)
    return words
  }
}

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void
