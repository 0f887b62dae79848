import { nameOf } from './join.ts'
import { harmless } from '../report/text-width.ts'
import { neverHeld, type ScenarioResult } from './results.ts'
import { replayLine } from './summary.ts'

/** Annotations of GitHub Actions: a line for each failure, at the line of code where it is known. */
export function githubAnnotations(results: readonly ScenarioResult[]): string {
  return harmless(results.flatMap(linesOf).join('\n'))
}

function linesOf(r: ScenarioResult): string[] {
  const failures = r.distinct.map(({ file, count }) => {
    const title = `heddle: ${nameOf(r)}`
    const message = `${file.error.name}: ${file.error.message}\nin ${count} of ${r.schedules} schedules\n${replayLine(r.file, r.scenario, file.failing.token)}`
    return `::error file=${property(r.file)},title=${property(title)}::${data(message)}`
  })
  const never = neverHeld(r).map((l) => `::error file=${property(r.file)},title=${property(`heddle: ${nameOf(r)}`)}::${data(`never held: ${l}`)}`)
  const empty = r.choicePoints === 0 && r.schedules > 0 && r.failures === 0
  const warning = `::warning file=${property(r.file)},title=${property(`heddle: ${nameOf(r)}`)}::0 choice points: there was nothing to explore`
  return [...failures, ...never, ...(empty ? [warning] : [])]
}

function data(text: string): string {
  return text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
}

function property(text: string): string {
  return data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
}
