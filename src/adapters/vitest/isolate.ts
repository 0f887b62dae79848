import type { ExploreOptions, ScenarioBody } from '../../explore/options.ts'
import type { Report } from '../../explore/report.ts'
import { explorer } from '../explorer.ts'
import { FreshModules } from './fresh-modules.ts'

/**
 * As `check`, with fresh modules for each schedule.
 * @throws NoModuleRunner where there is no way to have them
 */
export async function checkIsolated(body: ScenarioBody, options: ExploreOptions, testFile: string): Promise<Report> {
  const modules = new FreshModules(testFile)
  const isolate = async (): Promise<ScenarioBody> => {
    await modules.renew()
    return body
  }
  try {
    return await explorer.check(body, { ...options, isolate })
  } finally {
    modules.restore()
  }
}
