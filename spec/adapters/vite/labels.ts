import { check, type Option, type Strategy } from '../../../src/index.ts'
import type { ExploreOptions, ScenarioBody } from '../../../src/index.ts'

/** The externals that complete in a run in FIFO order, by their labels: with the plugin, the awaits that had their turn. */
export async function turnsOf(body: ScenarioBody, options: ExploreOptions = {}): Promise<string[]> {
  const labels: string[] = []
  const watching: Strategy & { watches: boolean; step(option: Option): void } = {
    name: 'watching',
    watches: true,
    begin: ({ schedule }) => schedule === 1,
    pick: () => 0,
    step: (option) => {
      if (option.kind === 'external') labels.push(option.label ?? '')
    },
  }
  const report = await check(body, { ...options, strategy: watching })
  if (report.failure !== undefined) throw report.failure.error
  return labels
}
