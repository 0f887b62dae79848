/**
 * `npm run tables [-- --quick] [PROGRAM…]`: programs of SCTBench over Heddle's own API, and how many schedules each
 * strategy needs to the first failure, beside the published figure for the same strategy. A cell is our median (mean)
 * and, after the bar, the published median; '-' where more than half of the seeds did not find it, and an asterisk
 * where the time for a cell ended before the last seed.
 */
import { parseArgs } from 'node:util'
import { lateWindow } from '../../fixtures/sct/late-window.ts'
import { PROGRAMS } from '../../fixtures/sct/index.ts'
import type { GeneratorBody } from '../../src/index.ts'
import { auto, delay, pct, pos, preemption, race, random, type Strategy, strategyNamed, surw, urw } from '../../src/strategies/index.ts'
import { type Cell, type Effort, measure } from './cell.ts'
import { bestOf, type Published, readPublished } from './published.ts'

const FULL: Effort = { seeds: 20, cap: 10_000, seconds: 20 }
/** Its median has a limit to keep to: over 20 seeds those of small numbers are out by a fifth as often as not. */
const AUTO_SEEDS = 100
const QUICK: Effort = { seeds: 20, cap: 1000, seconds: 5 }

const { values, positionals } = parseArgs({ allowPositionals: true, options: { quick: { type: 'boolean' } } })
const effort = values.quick === true ? QUICK : FULL

/** By column; `seeded` is false where every seed gives the same schedules. */
const STRATEGIES: Readonly<Record<string, { make: () => Strategy; seeded: boolean }>> = {
  random: { make: random, seeded: true },
  'pct 2': { make: () => pct({ depth: 2 }), seeded: true },
  'pct 3': { make: () => pct({ depth: 3 }), seeded: true },
  'pct 10': { make: () => pct({ depth: 10 }), seeded: true },
  'pct 20': { make: () => pct({ depth: 20 }), seeded: true },
  pos: { make: pos, seeded: true },
  urw: { make: urw, seeded: true },
  surw: { make: surw, seeded: true },
  race: { make: race, seeded: true },
  preemption: { make: () => preemption(), seeded: false },
  delay: { make: () => delay(), seeded: false },
  dpor: { make: () => strategyNamed('dpor', effort.cap), seeded: false },
  auto: { make: () => auto({ schedules: effort.cap }), seeded: true },
}

const published = readPublished()
const chosen = Object.entries(PROGRAMS).filter(([name]) => positionals.length === 0 || positionals.some((p) => name.includes(p)))
console.log(`${effort.seeds} seeds, ${AUTO_SEEDS} for auto, at most ${effort.cap} schedules each; our median (mean) | published median\n`)
console.log(row('program', Object.keys(STRATEGIES), 'best published'))
const verdicts: string[] = []
for (const [name, body] of chosen) verdicts.push(program(name, body))
console.log(`\n${verdicts.join('\n')}`)
console.log(`\n${late()}`)

function program(name: string, body: GeneratorBody): string {
  const theirs = published[name]
  const cells = new Map<string, Cell>()
  for (const [column, { make, seeded }] of Object.entries(STRATEGIES)) {
    cells.set(column, measure(body, make, { ...effort, seeds: seedsOf(column, seeded) }))
  }
  const best = theirs === undefined ? undefined : bestOf(theirs)
  const texts = [...cells].map(([column, cell]) => text(cell, theirs, column))
  console.log(row(name, texts, best === undefined ? 'none' : `${best.median} (${best.name})`))
  return verdict(name, cells, best?.median)
}

function seedsOf(column: string, seeded: boolean): number {
  if (!seeded) return 1
  return column === 'auto' ? AUTO_SEEDS : effort.seeds
}

function row(name: string, cells: readonly string[], last: string): string {
  return [name.padEnd(20), ...cells.map((c) => c.padStart(18)), `  ${last}`].join('')
}

function text(cell: Cell, theirs: Published | undefined, column: string): string {
  const seeds = seedsOf(column, STRATEGIES[column]?.seeded === true)
  const settled = cell.tried === seeds || cell.tried - cell.found > seeds / 2
  const median = short(cell.median) + (settled ? '' : '*')
  const mean = cell.found > 0 && Number.isFinite(cell.median) ? ` (${short(cell.mean)})` : ''
  const figure = theirs?.surw[column]
  if (figure === undefined) return `${median}${mean}`
  return `${median}${mean} | ${figure[0] > 10 && figure[1] !== null ? figure[1] : '-'}`
}

function short(n: number): string {
  if (!Number.isFinite(n)) return '-'
  return n < 10 ? String(Number(n.toFixed(1))) : n.toFixed(0)
}

/** Our best strategy against the best published one, and auto against our best. */
function verdict(name: string, cells: ReadonlyMap<string, Cell>, theirs: number | undefined): string {
  const single = [...cells].filter(([column]) => column !== 'auto')
  const [winner, best] = single.reduce((a, b) => (b[1].median < a[1].median ? b : a))
  const autos = cells.get('auto')?.median ?? Number.POSITIVE_INFINITY
  const goal = Math.max(10, 3 * best.median)
  const first = theirs === undefined ? 'nothing published' : `published ${theirs}: ${best.median <= theirs ? 'met' : 'NOT MET'}`
  const second = `at most ${short(goal)}: ${autos <= goal ? 'met' : 'NOT MET'}`
  return `${name.padEnd(20)} best of ours ${short(best.median)} (${winner}), ${first}; auto ${short(autos)}, ${second}`
}

/** A window of one step in k, at the end: what tells strategies apart. */
function late(): string {
  const lines = ['late window, medians of 200 seeds (a uniform pick among promises, fast-check: 183, 778, 2,423)']
  for (const [column, make] of [
    ['random', random],
    ['pct 2', () => pct({ depth: 2 })],
    ['auto', () => auto({ schedules: 10_000 })],
  ] as const) {
    const medians = [8, 10, 12].map((k) => {
      const { median } = measure(() => lateWindow(k), make, { seeds: 200, cap: 10_000, seconds: 20 })
      return `k = ${k}: ${short(median)}`
    })
    lines.push(`  ${column.padEnd(8)} ${medians.join(', ')}`)
  }
  return lines.join('\n')
}
