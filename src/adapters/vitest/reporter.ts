import type { Reporter, TestModule, Vitest } from 'vitest/node'
import { ProgressBoard, type ProgressTimes } from './progress-board.ts'
import { type ListedTest, runnerList } from './runner/list.ts'
import { readVerdict } from './runner/verdict.ts'
import { readSummary } from './summary.ts'
import { explorationTable, type TableRow } from './table.ts'

export type { ProgressTimes }

/** What a reporter may be given beside its name. */
export interface HeddleReporterOptions {
  /** Where the table goes. Default: standard output. */
  write?: (text: string) => void
  /** When to say how far an exploration is that takes its time; false: never. */
  progress?: false | ProgressTimes
}

/**
 * Ends a run of vitest with one table of its explorations: how many schedules and choice points each had, whether that was
 * all of them, and how long it took. An exploration that passed without a choice point is warned of. Under
 * `heddle/vitest/runner` a list of the suite's own tests follows: those that some order breaks, and those that could not be
 * explored, each with the reason.
 *
 * While an exploration takes more than two seconds it has a line in the terminal that says how far it is, in vitest's own window;
 * elsewhere a line every thirty seconds.
 *
 * @example
 * ```ts
 * import { defineConfig } from 'vitest/config'
 *
 * export default defineConfig({ test: { reporters: ['default', 'heddle/vitest/reporter'] } })
 * ```
 */
export default class HeddleReporter implements Reporter {
  readonly #write: (text: string) => void
  readonly #progress: false | ProgressTimes
  #vitest: Pick<Vitest, 'provide'> | null = null
  #board: ProgressBoard | null = null

  constructor(options: HeddleReporterOptions = {}) {
    this.#write = options.write ?? ((text) => void process.stdout.write(text))
    this.#progress = options.progress ?? {}
  }

  onInit(vitest: Pick<Vitest, 'provide'>): void {
    this.#vitest = vitest
  }

  onTestRunStart(): void {
    this.#board?.end()
    this.#board = null
    if (this.#vitest === null || this.#progress === false) return
    try {
      this.#board = new ProgressBoard(this.#vitest, this.#progress)
    } catch {
      // Without a place for temporary files the run goes on, and nobody says how far it is.
    }
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
    this.#board?.end()
    this.#board = null
    const rows: TableRow[] = []
    const listed: ListedTest[] = []
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const name = `${module.relativeModuleId} > ${test.fullName}`
        const { state } = test.result()
        const summary = readSummary(test.meta())
        if (summary === null) listed.push({ test: name, verdict: readVerdict(test.meta()), state })
        else rows.push({ test: name, passed: state === 'passed', summary })
      }
    }
    if (rows.length > 0) this.#write(`${explorationTable(rows)}\n`)
    if (listed.some(({ verdict }) => verdict !== null)) this.#write(`${runnerList(listed)}\n`)
  }
}
