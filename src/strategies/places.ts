import type { Prng } from './prng.ts'
import type { Access } from './strategy.ts'

/** A place at which lanes touched something, and how often it was the target. */
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
  readonly #least: Place[] = []

  begin(): void {
    this.#past.fill(0)
  }

  /** Never 0. */
  at(lane: number, access: Access): number {
    const h = Math.imul((this.#past[lane] ?? 0) ^ (access.object * 2 + (access.kind === 'write' ? 1 : 0)), 0x9e3779b1)
    return (h ^ (h >>> 15)) | 1
  }

  note(lane: number, access: Access, firstOfStep: boolean): void {
    const hash = this.at(lane, access)
    while (this.#past.length <= lane) this.#past.push(0)
    this.#past[lane] = hash
    if (!firstOfStep || this.#known.has(hash)) return
    this.#known.add(hash)
    this.#places.push({ hash, object: access.object, tried: 0 })
  }

  /** One of the places drawn least often so far at which an object is touched that lanes race for; 0: there is none. */
  draw(prng: Prng, isRacy: (object: number) => boolean): number {
    const least = this.#least
    let fewest = Number.POSITIVE_INFINITY
    for (const place of this.#places) {
      if (place.tried > fewest || !isRacy(place.object)) continue
      if (place.tried < fewest) least.length = 0
      fewest = place.tried
      least.push(place)
    }
    if (fewest === Number.POSITIVE_INFINITY) return 0
    const place = least[prng.below(least.length)] as Place
    place.tried++
    return place.hash
  }
}
