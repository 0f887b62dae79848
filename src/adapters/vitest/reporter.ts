import type { Reporter, TestModule } from 'vitest/node'
import { readSummary } from './summary.ts'
import { explorationTable, type TableRow } from './table.ts'

/** What a reporter may be given beside its name. */
export interface HeddleReporterOptions {
  /** Where the table goes. Default: standard output. */
  write?: (text: string) => void
}

/**
 * Ends a run of vitest with one table of its explorations: how many schedules and choice points each had, whether that was
 * all of them, and how long it took. An exploration that passed without a choice point is warned of.
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
    for (const module of modules) {
      for (const test of module.children.allTests()) {
        const summary = readSummary(test.meta())
        if (summary === null) continue
        rows.push({ test: `${module.relativeModuleId} > ${test.fullName}`, passed: test.result().state === 'passed', summary })
      }
    }
    if (rows.length > 0) this.#write(`${explorationTable(rows)}\n`)
  }
}
