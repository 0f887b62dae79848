import { checkSync, check, type ExploreOptions, type GeneratorBody, type Report, type ScenarioBody } from '../../src/index.ts'

const ALL: ExploreOptions = { strategy: 'exhaustive', bail: false, schedules: 100_000 }

/** Runs every schedule; it is a mistake of the spec if there are too many. */
export async function every(body: ScenarioBody, options?: ExploreOptions): Promise<Report> {
  return proved(await check(body, { ...ALL, ...options }))
}

/** The same for generator bodies, without promises. */
export function everySync(body: GeneratorBody, options?: ExploreOptions): Report {
  return proved(checkSync(body, { ...ALL, ...options }))
}

function proved(report: Report): Report {
  if (!report.exhausted) throw new Error(`not exhausted: ${report.stopped} after ${report.schedules}`)
  return report
}

/** In how many orders tasks of so many steps each can run: the multinomial coefficient. */
export function interleavings(...steps: readonly number[]): number {
  let ways = 1
  let n = 0
  for (const k of steps) for (let i = 1; i <= k; i++) ways = (ways * ++n) / i
  return Math.round(ways)
}
