import picocolors from 'picocolors'
import { tokenToCopy } from '../report/how-to-replay.ts'
import { type Style, terminalStyle } from '../report/style.ts'
import { harmless } from '../report/text-width.ts'
import { describeFailure } from '../report/words.ts'
import type { FailureFile } from '../explore/failure-file.ts'
import { nameOf } from './join.ts'
import { counted, grouped, seconds } from './numbers.ts'
import { type DistinctResult, isFailing, missingShards, neverHeld, type ScenarioResult } from './results.ts'

/** The same rule as for pictures: a log, of CI too, gets plain text. */
const pc = picocolors.createColors(terminalStyle().colours)

/** What was found, for people. */
export function summary(results: readonly ScenarioResult[]): string {
  const failing = results.filter(isFailing).length
  const schedules = results.reduce((n, r) => n + r.schedules, 0)
  const found = failing === 0 ? pc.green('nothing found') : pc.red(`${failing} failing`)
  return [
    ...results.map(section),
    `${counted(results.length, 'scenario')}, ${found}; ${counted(schedules, 'schedule')}`,
  ].join('\n\n')
}

function section(result: ScenarioResult): string {
  const mark = isFailing(result) ? pc.red('✗') : pc.green('✓')
  const never = neverHeld(result)
  return [
    `${mark} ${pc.bold(harmless(nameOf(result)))}  ${harmless(figures(result))}`,
    ...notes(result).map((note) => pc.yellow(`  ${note}`)),
    ...(never.length > 0 ? [pc.red(`  never held in any schedule: ${never.map((l) => harmless(JSON.stringify(l))).join(', ')}`)] : []),
    ...disturbances(result),
    ...labels(result),
    ...result.distinct.map((d, i) => `\n${failure(result, d, i)}`),
  ].join('\n')
}

function figures(r: ScenarioResult): string {
  return [counted(r.schedules, 'schedule'), counted(r.choicePoints, 'choice point'), verdict(r), r.strategy, seconds(r.elapsed)]
    .filter((part) => part !== '')
    .join(', ')
}

function verdict(r: ScenarioResult): string {
  if (r.exhausted && missingShards(r).length > 0) return 'all of its share'
  if (r.exhausted) return r.bound === undefined ? 'all there are' : `all up to ${r.bound}`
  switch (r.stopped) {
    case 'time':
      return 'until the time was up'
    case 'memory':
      return 'until the memory was full'
    case 'signal':
      return 'interrupted'
    default:
      return ''
  }
}

function notes(r: ScenarioResult): string[] {
  return [
    ...(r.choicePoints === 0 && r.failures === 0 && r.schedules > 0
      ? ['0 choice points: there was nothing to explore, so that it passed says nothing about orderings']
      : []),
    ...(r.equivalent > 0 ? [equivalent(r)] : []),
    ...(r.cut > 0 ? [`${counted(r.cut, 'schedule')} ended early, without a verdict`] : []),
  ]
}

function equivalent(r: ScenarioResult): string {
  const said = `${counted(r.equivalent, 'more execution')} proved equivalent to some of these`
  const most = r.most !== null && r.stopped === 'schedules' && r.equivalent >= r.most
  return most ? `${said}: no more than --schedules ${r.most} of them are run; give a greater number to go on` : said
}

function labels(r: ScenarioResult): string[] {
  return Object.entries(r.sometimes)
    .filter(([, n]) => n > 0)
    .map(([label, n]) => pc.dim(`  sometimes ${harmless(JSON.stringify(label))}: in ${grouped(n)} of ${counted(r.schedules, 'schedule')}`))
}

/** How far faults and cancellations went, where there were any. */
function disturbances({ dimensions }: ScenarioResult): string[] {
  if (dimensions === undefined) return []
  const { faults, cancellations } = dimensions
  return Object.entries({ faults, cancellations }).flatMap(([kind, { coverage, places, tried }]) => {
    if (coverage === 'none') return []
    const share = `${grouped(tried)} of ${counted(places, 'place')} tried`
    return [pc.dim(`  ${kind}: ${share}, ${coverage === 'exhausted' ? 'in every order' : 'sampled'}`)]
  })
}

const INDENT = '  '

function failure(result: ScenarioResult, { file, count }: DistinctResult, i: number): string {
  const several = result.distinct.length > 1 ? `${i + 1} of ${result.distinct.length} different failures, ` : ''
  const seen = result.bail ? '' : pc.dim(`${several}in ${counted(count, 'schedule')}`)
  const { columns, colours } = terminalStyle()
  const line = replayLine(result.file, result.scenario, file.failing.token)
  const text = inWords(file, line, { columns: columns - INDENT.length, colours })
  return [...(seen === '' ? [] : [seen]), text].join('\n').replaceAll(/^(?=.)/gm, INDENT)
}

/** A failure in words, with a line that replays it here instead of in a test. */
export function inWords(file: FailureFile, line: string, style: Style = terminalStyle()): string {
  return describeFailure(file, style).replace(/^ {2}replay {2}.*$/m, () => `  replay  ${line}`)
}

export function replayLine(file: string, scenario: string, token: string): string {
  const name = scenario === 'default' ? '' : ` --name ${quoted(scenario)}`
  return `npx heddle replay ${quoted(file)}${name} --token ${tokenToCopy(token)}`
}

function quoted(text: string): string {
  return /^[\w./@:+-]+$/.test(text) ? text : `'${harmless(text).replaceAll("'", `'\\''`)}'`
}
