import type { Reporter, TestModule } from 'vitest/node'
import { type ListedTest, runnerList } from './runner/list.ts'
import { readVerdict } from './runner/verdict.ts'
import { readSummary } from './summary.ts'
import { explorationTable, type TableRow } from './table.ts'

/** What a reporter may be given beside its name. */
export interface HeddleReporterOptions {
  /** Where the table goes. Default: standard output. */
  write?: (text: string) => void
}

/**
 * Ends a run of vitest with one table of its explorations: how many schedules and choice points each had, whether that was
 * all of them, and how long it took. An exploration that passed without a choice point is warned of. Under
 * `heddle/vitest/runner` a list of the suite's own tests follows: those that some order breaks, and those that could not be
 * explored, each with the reason.
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

  constructor(options: HeddleReporterOptions = {}) {
    this.#write = options.write ?? ((text) => void process.stdout.write(text))
  }

  onTestRunEnd(modules: readonly TestModule[]): void {
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
