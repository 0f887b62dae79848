export type { SuiteOptions } from './defaults.ts'
export type { ExploreAPI, ExploreBody, ExploreCall, ExploreChain, TestExploreOptions } from './explore-api.ts'
export type { ExplorationSummary } from './summary.ts'
export { type Exploring, it, test, withExplore } from './test.ts'
