import { REASONS, type Reason, type RunnerVerdict } from './verdict.ts'

/** A test of an existing suite, and what became of it. */
export interface ListedTest {
  readonly test: string
  /** Null: nothing, since it failed by itself, was skipped, or is an exploration of its own. */
  readonly verdict: RunnerVerdict | null
  readonly state: 'passed' | 'failed' | 'skipped' | 'pending'
}

/** Of what could not be explored so many tests are named for each reason. */
const NAMED = 20
/** So much of what stood in the way is told. */
const DETAIL = 200

/** The end of a run under `heddle/vitest/runner`: which tests some order breaks, and which could not be explored, and why. */
export function runnerList(tests: readonly ListedTest[]): string {
  const verdicts = tests.flatMap(({ verdict }) => verdict ?? [])
  const broken = tests.filter(({ verdict }) => verdict?.state === 'broken')
  const explored = verdicts.filter(({ state }) => state !== 'left out')
  const lines = [
    '',
    ' heddle: the suite in other orders',
    ...columns([
      ['tests', grouped(tests.length)],
      ['explored', grouped(explored.length), inAll(explored)],
      ['broken by some order', grouped(broken.length)],
      ['could not be explored', grouped(verdicts.length - explored.length)],
      ...others(tests),
    ]),
    ...broken.flatMap(({ test, verdict }) => (verdict === null ? [] : lineOf(test, verdict))),
    ...leftOutLines(tests),
    '',
  ]
  return lines.join('\n')
}

function inAll(explored: readonly RunnerVerdict[]): string {
  const sum = (of: (v: RunnerVerdict) => number): string => grouped(explored.reduce((total, v) => total + of(v), 0))
  const complete = explored.filter((v) => v.exhausted).length
  const cut = explored.filter((v) => v.timedOut).length
  return [
    `${sum((v) => v.schedules)} schedules with ${sum((v) => v.choicePoints)} choice points`,
    ...(complete > 0 ? [`${grouped(complete)} in every order`] : []),
    ...(cut > 0 ? [`${grouped(cut)} until their time was over`] : []),
  ].join('; ')
}

/** Tests of which nothing can be said, by why. */
function others(tests: readonly ListedTest[]): string[][] {
  const silent = tests.filter(({ verdict }) => verdict === null)
  const failed = silent.filter(({ state }) => state === 'failed').length
  const skipped = silent.filter(({ state }) => state === 'skipped').length
  return [
    ...(failed > 0 ? [['failed by themselves', grouped(failed)]] : []),
    ...(skipped > 0 ? [['skipped', grouped(skipped)]] : []),
  ]
}

function columns(rows: readonly (readonly string[])[]): string[] {
  const width = (c: number): number => Math.max(...rows.map((row) => row[c]?.length ?? 0))
  const [first, second] = [width(0), width(1)]
  return rows.map(([name = '', count = '', more = '']) => `  ${name.padEnd(first)}  ${count.padStart(second)}  ${more}`.trimEnd())
}

function lineOf(test: string, { detail, schedules, token }: RunnerVerdict): string[] {
  return ['', `  × ${test}`, `    ${detail} (schedule ${grouped(schedules)})`, `    HEDDLE_REPLAY=${token}`]
}

function leftOutLines(tests: readonly ListedTest[]): string[] {
  const by = new Map<Reason, ListedTest[]>()
  for (const listed of tests) {
    const reason = listed.verdict?.reason ?? null
    if (reason !== null) by.set(reason, [...(by.get(reason) ?? []), listed])
  }
  const groups = [...by].toSorted(([, a], [, b]) => b.length - a.length)
  const lines = groups.flatMap(([reason, listed]) => [
    '',
    `  ${reason} (${grouped(listed.length)}): ${REASONS[reason]}`,
    ...listed.slice(0, NAMED).map(({ test, verdict }) => `    ${test}${verdict?.detail ? `: ${clipped(verdict.detail)}` : ''}`),
    ...(listed.length > NAMED ? [`    … and ${grouped(listed.length - NAMED)} more`] : []),
  ])
  return lines.length === 0 ? [] : ['', '  Could not be explored, so that passing says nothing about orders:', ...lines]
}

function clipped(detail: string): string {
  return detail.length > DETAIL ? `${detail.slice(0, DETAIL - 1)}…` : detail
}

function grouped(n: number): string {
  return String(n).replaceAll(/\B(?=(\d{3})+(?!\d))/g, ',')
}
