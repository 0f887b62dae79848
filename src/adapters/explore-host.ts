import type { CorpusStore } from '../explore/corpus.ts'
import type { ExploreHost } from '../explore/host.ts'
import { codeFrame } from './code-frame.ts'
import { fileCorpus } from './file-corpus.ts'
import { progressOnErrorOutput } from './progress.ts'

/** What the host gives to explorations: files and the lines of the code, where there are any. */
export const exploreHost: ExploreHost = {
  openCorpus,
  codeFrame,
  progress: (name, schedules) => progressOnErrorOutput(name, schedules),
}

/** Opened when it is first used, so that a host without files is a trouble of the corpus and none of the test. */
function openCorpus(directory: string): CorpusStore {
  let opened: CorpusStore | undefined
  const store = (): CorpusStore => (opened ??= fileCorpus(directory))
  return {
    load: (name) => store().load(name),
    save: (file) => store().save(file),
    drop: (entry) => store().drop(entry),
  }
}
