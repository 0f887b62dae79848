import { type Explorer, makeExplorer } from '../explore/explore.ts'
import { describeFailure } from '../report/words.ts'
import { exploreHost } from './explore-host.ts'

/** The library's entry points, for the adapters that drive them. */
export const explorer: Explorer = makeExplorer(describeFailure, exploreHost)
