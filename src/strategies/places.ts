import { Prng } from './prng.ts'
import type { Access } from './strategy.ts'

/** A place at which lanes touched something, and how often it was drawn while schedules were learnt from. */
interface Place {
  readonly hash: number
  readonly object: number
  tried: number
}

/** The places at which lanes touched something: what a lane had touched before, and what it touches there. */
export class Places {
  /** By lane, in this schedule: a hash of its accesses so far. */
  readonly #past: number[] = []
  readonly #places: Place[] = []
  readonly #known = new Set<number>()
  readonly #racy: Place[] = []
  readonly #prng = new Prng()

  begin(): void {
    this.#past.fill(0)
  }

  /** Never 0. */
  at(lane: number, access: Access): number {
    const h = Math.imul((this.#past[lane] ?? 0) ^ (access.object * 2 + (access.kind === 'write' ? 1 : 0)), 0x9e3779b1)
    return (h ^ (h >>> 15)) | 1
  }

  /** @param learns whether a place that is new is kept */
  note(lane: number, access: Access, firstOfStep: boolean, learns: boolean): void {
    const hash = this.at(lane, access)
    while (this.#past.length <= lane) this.#past.push(0)
    this.#past[lane] = hash
    if (!learns || !firstOfStep || this.#known.has(hash)) return
    this.#known.add(hash)
    this.#places.push({ hash, object: access.object, tried: 0 })
  }

  /** While new places still turn up: one of those drawn least often, at which an object is touched that lanes race for. */
  drawLeastTried(prng: Prng, isRacy: (object: number) => boolean): number {
    const least = this.#racy
    least.length = 0
    let fewest = Number.POSITIVE_INFINITY
    for (const place of this.#places) {
      if (place.tried > fewest || !isRacy(place.object)) continue
      if (place.tried < fewest) least.length = 0
      fewest = place.tried
      least.push(place)
    }
    const place = least.length === 0 ? undefined : least[prng.below(least.length)]
    if (place === undefined) return 0
    place.tried++
    return place.hash
  }

  /**
   * One of the places at which an object is touched that lanes race for, in another order in each round of schedules, so
   * that n rounds draw each n times; 0: there is none. What schedule n draws follows from n, the seed and the places.
   */
  draw(schedule: number, seed: number, isRacy: (object: number) => boolean): number {
    const racy = this.#racy
    racy.length = 0
    for (const place of this.#places) if (isRacy(place.object)) racy.push(place)
    const { length } = racy
    if (length === 0) return 0
    const round = Math.floor(schedule / length)
    const last = schedule % length
    this.#prng.seed(seed, ~round)
    // As far as needed of a shuffle.
    for (let i = 0; i <= last; i++) {
      const k = i + this.#prng.below(length - i)
      const place = racy[k] as Place
      racy[k] = racy[i] as Place
      racy[i] = place
    }
    return (racy[last] as Place).hash
  }
}
