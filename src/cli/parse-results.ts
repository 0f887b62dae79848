import { InvalidFailureFileError, Reader } from '../explore/json-reader.ts'
import { toFailureFile } from '../explore/parse-failure-file.ts'
import type { Stopped } from '../explore/report.ts'
import type { Coverage, Dimension, DimensionsReport } from '../explore/dimensions.ts'
import { Misuse } from './misuse.ts'
import type { DistinctResult, Results, ScenarioResult } from './results.ts'

const STOPPED: readonly Stopped[] = ['exhausted', 'failure', 'schedules', 'time', 'memory', 'signal']

/** More than --shard and --workers can ask for; those that are missing are listed one by one. */
const MOST_SHARDS = 1_000_000

/**
 * Reads a results file. Every field is checked: it may come from another machine.
 * @throws Misuse that says what is wrong with which file
 */
export function parseResults(text: string, path: string): Results {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw broken(path, `it is no JSON (${error instanceof Error ? error.message : String(error)})`)
  }
  try {
    const r = new Reader(value, '')
    if (r.optional('format')?.raw !== 'heddle-results') throw broken(path, "its field 'format' is not 'heddle-results'")
    const version = r.at('version').whole()
    if (version !== 1) throw broken(path, `it has version ${version}, and this Heddle reads version 1: use the Heddle that wrote it`)
    return { format: 'heddle-results', version: 1, results: r.at('results').list(result) }
  } catch (error) {
    if (!(error instanceof InvalidFailureFileError)) throw error
    throw broken(path, error.message.replace(/^this is not a valid failure file: /, '').replace(/\. Restore it.*$/s, ''))
  }
}

function broken(path: string, why: string): Misuse {
  return new Misuse(`${path} is not a valid results file: ${why}. Write it again with 'heddle explore … --json ${path}'.`)
}

function result(r: Reader): ScenarioResult {
  const most = r.at('most')
  const shards = r.at('shards')
  const cancel = r.optional('cancel')
  const dimensions = r.optional('dimensions')
  const count = Math.max(1, shards.at('count').index(MOST_SHARDS + 1))
  return {
    file: r.at('file').text(),
    scenario: r.at('scenario').text(),
    strategy: r.at('strategy').text(),
    seed: r.at('seed').whole(),
    permute: r.at('permute').oneOf(['tasks', 'io']),
    assume: r.optional('assume')?.oneOf(['tracked']),
    cancel: cancel === undefined ? undefined : cancel.raw === true ? true : cancel.list((task) => task.text()),
    faults: r.optional('faults')?.whole(),
    most: most.raw === null ? null : most.whole(),
    bail: r.at('bail').flag(),
    shards: { count, present: shards.at('present').list((s) => s.index(count + 1)) },
    schedules: r.at('schedules').whole(),
    equivalent: r.optional('equivalent')?.whole() ?? 0,
    steps: r.at('steps').whole(),
    choicePoints: r.at('choicePoints').whole(),
    exhausted: r.at('exhausted').flag(),
    stopped: r.at('stopped').oneOf(STOPPED),
    cut: r.at('cut').whole(),
    bound: r.optional('bound')?.text(),
    elapsed: r.at('elapsed').number(),
    sometimes: Object.fromEntries(
      r.at('sometimes').list((pair) => [pair.at('label').text(), pair.at('schedules').whole()] as const),
    ),
    dimensions: dimensions === undefined ? undefined : dimensionsOf(dimensions),
    failures: r.at('failures').whole(),
    distinct: r.at('distinct').list(distinct),
  }
}

const COVERAGE: readonly Coverage[] = ['none', 'exhausted', 'sampled']

function dimensionsOf(r: Reader): DimensionsReport {
  const dimension = (d: Reader): Dimension => ({
    coverage: d.at('coverage').oneOf(COVERAGE),
    places: d.at('places').whole(),
    tried: d.at('tried').whole(),
  })
  return {
    order: r.at('order').oneOf(COVERAGE),
    faults: dimension(r.at('faults')),
    cancellations: dimension(r.at('cancellations')),
  }
}

function distinct(r: Reader): DistinctResult {
  return {
    key: r.at('key').text(),
    count: r.at('count').whole(),
    shard: r.at('shard').whole(),
    file: toFailureFile(r.at('file').raw),
  }
}

/** The text of a results file. Labels are anybody's text, so that they are no keys in it. */
export function resultsText(results: readonly ScenarioResult[]): string {
  const file = {
    format: 'heddle-results',
    version: 1,
    results: results.map((r) => ({
      ...r,
      sometimes: Object.entries(r.sometimes).map(([label, schedules]) => ({ label, schedules })),
    })),
  }
  return `${JSON.stringify(file, null, 2)}\n`
}
