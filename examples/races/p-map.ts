/**
 * p-map 7.0.6: `pMapIterable` asks its source for several items ahead. When a mapper throws, nobody waits for those any
 * more, and one that the source can't give is an unhandled rejection: in Node, the end of the process. 7.0.7 keeps such
 * an error for whoever asks.
 *
 * Async iterators and promise chains; an unhandled rejection as the symptom.
 *
 * Fixed: https://github.com/sindresorhus/p-map/releases/tag/v7.0.7
 */
import { pause } from 'heddle'
import { pMapIterable as pMapIterable_7_0_6 } from 'p-map-7.0.6'
import { pMapIterable as pMapIterable_7_0_7 } from 'p-map-7.0.7'

/** What the scenario uses of the package; both versions have it. */
type MapRows = (
  rows: AsyncIterable<number>,
  mapper: (row: number) => Promise<number>,
  options: { concurrency: number },
) => AsyncIterable<unknown>

/** Rows are imported two at a time; the first one is not valid, and the connection is lost while the second one comes. */
export function importRows(pMapIterable: MapRows) {
  return async () => {
    let asked = 0
    const rows: AsyncIterable<number> = {
      [Symbol.asyncIterator]: () => ({
        async next() {
          const row = ++asked
          await pause(`row ${row}`)
          if (row > 1) throw new Error('the connection is lost')
          return { done: false, value: row }
        },
      }),
    }
    const validate = async (row: number): Promise<number> => {
      await pause(`check of row ${row}`)
      throw new Error(`row ${row} is not valid`)
    }

    let problem: unknown
    try {
      for await (const row of pMapIterable(rows, validate, { concurrency: 2 })) await pause(`save ${String(row)}`)
    } catch (error) {
      problem = error
    }
    await pause(`log: ${String(problem)}`)
    await pause('next import')
  }
}

export const scenarios = {
  'p-map 7.0.6': importRows(pMapIterable_7_0_6),
  'p-map 7.0.7': importRows(pMapIterable_7_0_7),
}
