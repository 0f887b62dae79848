import type { CorpusEntry, CorpusStore } from '../../explore/corpus.ts'
import type { FailureFile } from '../../explore/failure-file.ts'
import type { ExploreOptions } from '../../explore/options.ts'
import type { Report } from '../../explore/report.ts'
import { isOfTheProject, moduleRunner, settled } from './module-runner.ts'

/** So often does an exploration begin again at most: code that imports another module in every run is never done with it. */
const TIMES = 10

/**
 * Explores, and begins again if it has failed while it loaded modules for the first time. An `import()` in the code under test
 * gets its module from vitest's own process, in real time: the schedule that comes to it first waits for something that no
 * schedule controls, and fails for that alone. Once the module is there it takes no time.
 */
export async function onceLoaded(options: ExploreOptions, check: (options: ExploreOptions) => Promise<Report>): Promise<Report> {
  for (let times = 1; ; times++) {
    const before = modulesLoaded()
    const attempt = new Attempt(options)
    const ended = await check(attempt.options).then(
      (report) => ({ failed: report.failure !== undefined, result: () => report }),
      (error: unknown) => ({
        failed: true,
        result: (): Report => {
          throw error
        },
      }),
    )
    if (!ended.failed || times === TIMES || options.signal?.aborted === true) return ended.result()
    await settled()
    if (modulesLoaded() === before) return ended.result()
    attempt.undo()
  }
}

function modulesLoaded(): number {
  const modules = moduleRunner()?.evaluatedModules.idToModuleMap.values() ?? []
  return [...modules].filter(isOfTheProject).length
}

/** An exploration whose traces in the corpus can be undone. */
class Attempt implements CorpusStore {
  readonly options: ExploreOptions
  readonly #store: CorpusStore | null
  readonly #loaded = new Set<string>()
  readonly #undo: (() => void)[] = []

  constructor(options: ExploreOptions) {
    this.#store = typeof options.corpus === 'object' ? options.corpus : null
    this.options = this.#store === null ? options : { ...options, corpus: this }
  }

  load(name: string): readonly CorpusEntry[] {
    const entries = this.#store?.load(name) ?? []
    for (const { id } of entries) this.#loaded.add(id)
    return entries
  }

  save(file: FailureFile): string {
    const id = this.#store?.save(file) ?? ''
    if (!this.#loaded.has(id)) this.#undo.push(() => this.#store?.drop({ id, file }))
    return id
  }

  drop(entry: CorpusEntry): void {
    this.#store?.drop(entry)
    this.#undo.push(() => void this.#store?.save(entry.file))
  }

  undo(): void {
    for (const undo of this.#undo.toReversed()) {
      try {
        undo()
      } catch {
        // A store that is in trouble says so when it is used next.
      }
    }
  }
}
