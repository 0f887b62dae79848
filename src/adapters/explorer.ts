import { type Explorer, makeExplorer } from '../explore/explore.ts'
import { describeFailure } from '../report/words.ts'
import { exploreHost } from './explore-host.ts'

/** The library's entry points: what `heddle` exports, and what the adapters drive. */
export const explorer: Explorer = makeExplorer(describeFailure, exploreHost)
