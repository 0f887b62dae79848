import type { ExploreHost } from '../explore/host.ts'
import { codeFrame } from './code-frame.ts'
import { fileCorpus } from './file-corpus.ts'
import { progressOnErrorOutput } from './progress.ts'

/** What the host gives to explorations: files and the lines of the code, where there are any. */
export const exploreHost: ExploreHost = {
  openCorpus: (directory) => fileCorpus(directory),
  codeFrame,
  progress: (name, schedules) => progressOnErrorOutput(name, schedules),
}
