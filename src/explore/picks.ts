import type { ChoicePoint, Chooser } from '../loop/chooser.ts'

/** The picks of a schedule that are not 0, by their place among its choices. */
export type Picks = ReadonlyMap<number, number>

/** Follows recorded picks as far as they go: a pick that is not there any more is 0. */
export class Lenient implements Chooser {
  readonly #picks: Picks
  #at = 0

  constructor(picks: Picks) {
    this.#picks = picks
  }

  choose(point: ChoicePoint): number {
    const k = this.#picks.get(this.#at++) ?? 0
    return k < point.count ? k : 0
  }
}
