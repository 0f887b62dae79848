import { print, REPORTERS } from './explore-command.ts'
import { read, write } from './files.ts'
import { join, nameOf } from './join.ts'
import { FOUND, MISUSE, Misuse, NOTHING_FOUND } from './misuse.ts'
import { parseResults, resultsText } from './parse-results.ts'
import { isFailing, missingShards, type ScenarioResult } from './results.ts'

/** Options of `heddle merge`. */
export interface MergeFlags {
  readonly json?: string
  readonly reporter: string
}

/** `heddle merge`: the exit code is that of one exploration that did it all. @throws Misuse */
export function mergeCommand(paths: readonly string[], { json, reporter: named }: MergeFlags): number {
  const reporter = REPORTERS.find((r) => r === named)
  if (reporter === undefined) throw new Misuse(`--reporter must be ${REPORTERS.join(', ')}, not '${named}'`)
  const groups = new Map<string, ScenarioResult[]>()
  for (const path of paths) {
    for (const result of parseResults(read(path), path).results) {
      const group = groups.get(nameOf(result))
      if (group === undefined) groups.set(nameOf(result), [result])
      else group.push(result)
    }
  }
  const results = [...groups.values()].map(join)
  if (json !== undefined) write(json, resultsText(results))
  print(results, reporter)
  const gaps = results.filter((r) => missingShards(r).length > 0)
  for (const r of gaps) {
    const missing = missingShards(r).map((i) => `${i}/${r.shards.count}`)
    process.stderr.write(`heddle: ${nameOf(r)}: the results of ${missing.join(', ')} are missing, so this is not the whole\n`)
  }
  if (results.length === 0) throw new Misuse('the files hold no results: the explorations had no scenario')
  if (results.some(isFailing)) return FOUND
  return gaps.length > 0 ? MISUSE : NOTHING_FOUND
}
