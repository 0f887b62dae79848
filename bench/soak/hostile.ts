import { Chance } from '../../properties/hostile-input.ts'
import { corpusTarget, failureFileTarget, GROWING, growth, inherited, MOST_GROWTH, pathTarget, resultsTarget, tokenTarget } from '../../properties/hostile-targets.ts'
import { grouped, type Figure } from './figure.ts'

const SEED = 2020

/** Inputs made to do harm: each is taken or refused with the error meant for it, and the time grows as their size does. */
export const hostile: Figure = {
  name: 'hostile',
  full: 100_000,
  short: 500,
  run(attempts, say) {
    const before = inherited()
    for (const target of [tokenTarget, failureFileTarget, resultsTarget, corpusTarget(), pathTarget]) {
      const seen = { accepted: 0, refused: 0 }
      try {
        for (let i = 0; i < attempts; i++) {
          try {
            seen[target.attempt(new Chance(SEED, i))]++
          } catch (error) {
            throw new Error(`${target.name}, attempt ${i} of seed ${SEED}`, { cause: error })
          }
        }
      } finally {
        target.close?.()
      }
      if (inherited() !== before) throw new Error(`${target.name} have changed what all objects inherit`)
      say(`${grouped(attempts)} ${target.name}: ${grouped(seen.accepted)} taken, ${grouped(seen.refused)} refused, nothing else`)
    }
    for (const [name, work] of Object.entries(GROWING)) {
      let grown = growth(work)
      // A machine with other work to do gets five attempts.
      for (let i = 0; i < 4 && grown.ratio > MOST_GROWTH; i++) grown = growth(work)
      const { size, ratio, milliseconds } = grown
      const [one, four, sixteen] = milliseconds.map((ms) => ms.toFixed(1))
      say(`time for ${name}: ${one} ms for ${grouped(size)}, ${four} for four times, ${sixteen} for sixteen times as much: × ${ratio.toFixed(1)}`)
      if (ratio > MOST_GROWTH) throw new Error(`${name}: the time grows faster than the input`)
    }
  },
}
