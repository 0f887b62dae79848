import type { FailureFile } from './failure-file.ts'

/** A failing schedule that is kept. */
export interface CorpusEntry {
  /** What the store knows it by, and reports call it: a file's path. */
  readonly id: string
  readonly file: FailureFile
}

/**
 * Where failing schedules are kept from one exploration to the next. `heddle` has one in files, `fileCorpus`. Its methods
 * are synchronous, since `checkSync` is. One that throws costs a line of warning, and never the test.
 *
 * @example
 * ```ts
 * const kept = new Map<string, FailureFile>()
 * const inMemory: CorpusStore = {
 *   load: (name) => [...kept].filter(([, file]) => file.name === name).map(([id, file]) => ({ id, file })),
 *   save: (file) => (kept.set(file.failing.token, file), file.failing.token),
 *   drop: (entry) => void kept.delete(entry.id),
 * }
 * await check(body, { name: 'transfer', corpus: inMemory })
 * ```
 */
export interface CorpusStore {
  /** What is kept of the test of this name, always in the same order. */
  load(name: string): readonly CorpusEntry[]
  /** Keeps a failure, and gives its id. Keeping the same one twice is keeping it once. */
  save(file: FailureFile): string
  drop(entry: CorpusEntry): void
}

/** What became of the schedules that were kept. */
export interface CorpusReport {
  /** How many were run again. */
  readonly rerun: number
  /** How many failed again. */
  readonly failed: number
  /** How many passed, and are kept no more. */
  readonly dropped: number
  /** A line for each one that is worth a word. */
  readonly notes: readonly string[]
}

/** The store of an exploration, whose troubles are told and nothing more. */
export class Corpus {
  readonly notes: string[] = []
  rerun = 0
  failed = 0
  dropped = 0
  readonly #store: CorpusStore
  readonly #name: string

  constructor(store: CorpusStore, name: string) {
    this.#store = store
    this.#name = name
  }

  load(): readonly CorpusEntry[] {
    return this.#try('read', () => [...this.#store.load(this.#name)]) ?? []
  }

  save(file: FailureFile): string | undefined {
    return this.#try('written', () => this.#store.save(file))
  }

  drop(entry: CorpusEntry): void {
    this.#try('cleared', () => this.#store.drop(entry))
  }

  /** Something became of a kept schedule that its owner should know. */
  note(line: string): void {
    this.notes.push(line)
    console.warn(`heddle: ${line}`)
  }

  report(): CorpusReport {
    const { rerun, failed, dropped, notes } = this
    return { rerun, failed, dropped, notes: [...notes] }
  }

  #try<T>(done: string, f: () => T): T | undefined {
    try {
      return f()
    } catch (error) {
      const why = error instanceof Error ? error.message : String(error)
      this.note(`the corpus could not be ${done}, and the test goes on without: ${why}`)
      return undefined
    }
  }
}
