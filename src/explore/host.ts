import type { CodePlace } from './failure-file.ts'
import type { CorpusStore } from './corpus.ts'
import type { Progress } from './options.ts'

/** Shows how far an exploration is, to whoever waits for it. */
export interface ProgressSink {
  tell(progress: Progress): void
  end(): void
}

/** What explorations need of the world around them; the adapters provide it, and a page has less of it. */
export interface ExploreHost {
  /** The failing schedules kept in a directory. @throws Error where there are no files */
  openCorpus(directory: string): CorpusStore
  /** The lines around a place, null where they can't be read. */
  codeFrame(place: CodePlace): string | null
  /** For `explore`, which somebody waits for; `check` tells nobody. */
  progress(name: string, schedules: number): ProgressSink | null
}

/** A host that has none of it. */
export const bareHost: ExploreHost = {
  openCorpus() {
    throw new Error('option corpus: this host has no files; pass an object with load(), save() and drop()')
  },
  codeFrame: () => null,
  progress: () => null,
}

let provided = bareHost

export function host(): ExploreHost {
  return provided
}

/** Called once, by whoever puts the library together. */
export function provideHost(given: ExploreHost): void {
  provided = given
}
