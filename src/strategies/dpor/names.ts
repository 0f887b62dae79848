import { outsidersMade } from '../../loop/outsiders.ts'

/**
 * Numbers for lanes or objects that are equal in equivalent schedules: what a lane makes is named by that lane and by how
 * many it made before, not by the order among lanes. The numbers are dense, and kept from one schedule to the next.
 */
export class Names {
  /** How many numbers there are; they begin at 1. */
  count = 0
  readonly #children: number[][] = []
  readonly #made: number[] = []
  readonly #outsiders = new Map<number, number>()
  #before = 0
  #atStart: number | undefined

  /** A new schedule begins. */
  restart(): void {
    this.#made.fill(0)
    this.#before = outsidersMade()
    this.#atStart ??= this.#before
  }

  /** The next one that lane `parent` makes. */
  madeBy(parent: number): number {
    while (this.#children.length <= parent) {
      this.#children.push([])
      this.#made.push(0)
    }
    const k = this.#made[parent] as number
    this.#made[parent] = k + 1
    const siblings = this.#children[parent] as number[]
    return (siblings[k] ??= ++this.count)
  }

  /** The one made outside the run with this serial number: before all schedules, or by the set-up of this one. */
  outsider(serial: number): number {
    const key = serial <= this.#before ? serial : (this.#atStart ?? 0) + (serial - this.#before)
    let name = this.#outsiders.get(key)
    if (name === undefined) {
      name = ++this.count
      this.#outsiders.set(key, name)
    }
    return name
  }
}

/** What a search calls lanes and objects. */
export class AllNames {
  readonly lanes = new Names()
  readonly objects = new Names()
}
