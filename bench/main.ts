/**
 * `npm run bench [-- --quick] [--json FILE] [--compare] [--record] [--baseline FILE] [ROW…]`: the engine's figures, each
 * beside those of others of the same run. A goal that is not met is said, and is no failure. `--compare` holds the ratios to
 * those of the baseline (`bench/baseline.json`) and ends with exit code 1 where one is worse; `--record` writes it.
 */
import { fork } from 'node:child_process'
import { existsSync, writeFileSync } from 'node:fs'
import { cpus, platform, release } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { type Baseline, bestOf, type Change, changesOf, readBaseline, writeBaseline } from './baseline.ts'
import { CLOCK } from './clock.ts'
import { type Effort, measure, type Result } from './measure.ts'
import type { Row } from './row.ts'
import { rows } from './rows/index.ts'
import { HEADER, render, told } from './table.ts'

const FULL: Effort = { repetitions: 7, seconds: 0.3, warmUp: 1, seeds: 101 }
const QUICK: Effort = { repetitions: 3, seconds: 0.05, warmUp: 0.2, seeds: 51 }
/** How often the baseline measures each row: one round after the other, so that the machine has time to differ. */
const RUNS = 3
/** How often a row that seems worse is measured again, in full: a regression is worse each time. */
const AGAIN = 2

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    quick: { type: 'boolean', default: false },
    json: { type: 'string' },
    compare: { type: 'boolean', default: false },
    record: { type: 'boolean', default: false },
    // From where the benchmark is compiled to.
    baseline: { type: 'string', default: fileURLToPath(new URL('../../bench/baseline.json', import.meta.url)) },
    one: { type: 'string' },
  },
})

if (values.one !== undefined) await worker(values.one)
else await main()

async function main(): Promise<void> {
  const chosen = rows.filter((r) => positionals.length === 0 || positionals.some((p) => r.id.startsWith(p)))
  if (chosen.length === 0) throw new Error(`no row is called ${positionals.join(', ')}: ${rows.map((r) => r.id).join(' ')}`)
  const { repetitions, seeds } = values.quick ? QUICK : FULL
  console.log(`${machine()}; per second of ${CLOCK}; medians of ${repetitions}, of ${seeds} seeds where it is counted\n`)
  if (values.record) await record(chosen)
  else await show(chosen)
}

async function show(chosen: readonly Row[]): Promise<void> {
  const baseline = values.compare ? readBaseline(values.baseline) : null
  const results: Result[] = []
  const changes: Change[] = []
  console.log(`${HEADER}\n`)
  for (const { id } of chosen) {
    const result = await inItsOwnProcess(id, values.quick)
    const changed = baseline === null ? [] : await settled(result, baseline)
    results.push(result)
    changes.push(...changed)
    console.log(`${render(result, changed)}\n`)
  }
  const missed = results.filter((r) => r.met === false || r.rivals.some((x) => x.met === false))
  console.log(missed.length === 0 ? 'every goal met' : `goals not met: ${missed.map((r) => r.id).join(', ')}`)
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ machine: machine(), quick: values.quick, results, changes }, null, 2)}\n`)
  }
  if (baseline !== null) verdict(changes, baseline)
}

/** The changes of a row; where one is for the worse, the best of a few attempts. */
async function settled(result: Result, baseline: Baseline): Promise<Change[]> {
  let changed = changesOf(result, baseline, values.quick)
  for (let i = 0; i < AGAIN && changed.some((c) => c.worse); i++) {
    changed = bestOf(changed, changesOf(await inItsOwnProcess(result.id, false), baseline, values.quick))
  }
  return changed
}

function verdict(changes: readonly Change[], { machine: where, runs }: Baseline): void {
  const worse = changes.filter((c) => c.worse)
  for (const c of worse) console.log(`${c.row} against ${c.rival}: ${told(c)}`)
  console.log(`${changes.length} ratios beside the baseline (${runs} runs, ${where}): ${worse.length} worse`)
  if (worse.length > 0) process.exitCode = 1
}

async function record(chosen: readonly Row[]): Promise<void> {
  const all: Result[][] = chosen.map(() => [])
  for (let round = 1; round <= RUNS; round++) {
    for (const [i, { id }] of chosen.entries()) {
      const result = await inItsOwnProcess(id, false)
      all[i]?.push(result)
      console.log(`${round}/${RUNS} ${id}: ${result.rivals.map((r) => `${r.ratio.toPrecision(3)} against ${r.id}`).join(', ')}`)
    }
  }
  // Where only some rows were measured the others stay as they are known.
  const others = chosen.length < rows.length && existsSync(values.baseline) ? readBaseline(values.baseline).ratios : {}
  writeBaseline(values.baseline, machine(), all, others)
}

/** Each row has a process of its own: what one workload teaches the compiler must not slow down the next. */
function inItsOwnProcess(id: string, quick: boolean): Promise<Result> {
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), ['--one', id, ...(quick ? ['--quick'] : [])])
    child.on('message', (message) => resolve(message as Result))
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`row ${id} ended without a result (exit code ${String(code)})`)))
  })
}

async function worker(id: string): Promise<void> {
  const row = rows.find((r) => r.id === id)
  if (row === undefined) throw new Error(`no row is called ${id}`)
  const result = await measure(row, values.quick ? QUICK : FULL)
  if (process.send === undefined) console.log(render(result))
  else process.send(result, () => process.disconnect())
}

function machine(): string {
  const cores = cpus()
  return `Node ${process.versions.node}, ${platform()} ${release()}, ${cores.length} × ${cores[0]?.model ?? 'unknown'}`
}
