import { readFileSync } from 'node:fs'

/** Of 20 trials: how many found the failure, and the median and mean number of schedules of these. */
export type Figure = readonly [found: number, median: number | null, mean: number | null]

/** The figures of two artifacts, by strategy. */
export interface Published {
  readonly surw: Readonly<Record<string, Figure>>
  readonly rff: Readonly<Record<string, Figure>>
}

/** `fixtures/sct/published.json`, by program. The working directory is the repository. */
export function readPublished(): Readonly<Record<string, Published>> {
  const file: { programs: Record<string, Published> } = JSON.parse(readFileSync('fixtures/sct/published.json', 'utf8'))
  return file.programs
}

/** The best median of any strategy that found it in every trial. */
export function bestOf(published: Published): { name: string; median: number } | undefined {
  let best: { name: string; median: number } | undefined
  for (const figures of [published.surw, published.rff]) {
    for (const [name, [found, median]] of Object.entries(figures)) {
      if (found === 20 && median !== null && median < (best?.median ?? Number.POSITIVE_INFINITY)) best = { name, median }
    }
  }
  return best
}
