import { register } from 'node:module'

/** The switches that the instrumented code asks, there before any of it runs. */
export interface Switches {
  /** The mutant that is on; -1 is none. */
  active: number
  hits: number
  limit: number
  hit(): true
  covering: boolean
  /** How often the place of each mutant was reached. */
  readonly reached: Uint32Array
  cover(ids: ArrayLike<number>): void
}

declare global {
  var __mutation__: Switches
}

globalThis.__mutation__ = {
  active: Number(process.env['MUTATION_ACTIVE'] ?? -1),
  hits: 0,
  limit: Number.POSITIVE_INFINITY,
  hit() {
    if (++this.hits > this.limit) throw new Error('the mutant loops')
    return true
  },
  covering: false,
  reached: new Uint32Array(100_000),
  cover(ids) {
    for (let i = 0; i < ids.length; i++) {
      const id = ids[i] ?? 0
      this.reached[id] = (this.reached[id] ?? 0) + 1
    }
  },
}

register('./hooks.js', import.meta.url, { data: process.env['MUTATION_ROOT'] })
