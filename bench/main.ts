/**
 * `npm run bench [-- --quick] [--json FILE] [ROW…]`: rates of the engine beside those of others, all of the same run.
 * It says whether a goal is met and never fails because one is not.
 */
import { fork } from 'node:child_process'
import { writeFileSync } from 'node:fs'
import { cpus, platform, release } from 'node:os'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { CLOCK } from './clock.ts'
import { type Effort, measure, type Result } from './measure.ts'
import { rows } from './rows/index.ts'
import { render } from './table.ts'

const FULL: Effort = { repetitions: 7, seconds: 0.3, warmUp: 1 }
const QUICK: Effort = { repetitions: 3, seconds: 0.05, warmUp: 0.2 }

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { quick: { type: 'boolean' }, json: { type: 'string' }, one: { type: 'string' } },
})
const effort = values.quick === true ? QUICK : FULL

if (values.one !== undefined) await worker(values.one)
else await main()

async function main(): Promise<void> {
  const chosen = rows.filter((r) => positionals.length === 0 || positionals.some((p) => r.id.startsWith(p)))
  if (chosen.length === 0) throw new Error(`no row is called ${positionals.join(', ')}: ${rows.map((r) => r.id).join(' ')}`)
  console.log(`${machine()}; per second of ${CLOCK}; medians of ${effort.repetitions} (least … most)\n`)
  const results: Result[] = []
  for (const row of chosen) {
    const result = await inItsOwnProcess(row.id)
    results.push(result)
    console.log(`${render(result)}\n`)
  }
  const missed = results.filter((r) => r.goalRateMet === false || r.rivals.some((x) => x.met === false))
  console.log(missed.length === 0 ? 'every goal met' : `goals not met: ${missed.map((r) => r.id).join(', ')}`)
  if (values.json !== undefined) {
    writeFileSync(values.json, `${JSON.stringify({ machine: machine(), ...effort, results }, null, 2)}\n`)
  }
}

/** Each row has a process of its own: what one workload teaches the compiler must not slow down the next. */
function inItsOwnProcess(id: string): Promise<Result> {
  const args = ['--one', id, ...(values.quick === true ? ['--quick'] : [])]
  return new Promise((resolve, reject) => {
    const child = fork(fileURLToPath(import.meta.url), args)
    child.on('message', (message) => resolve(message as Result))
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`row ${id} ended without a result (exit code ${String(code)})`)))
  })
}

async function worker(id: string): Promise<void> {
  const row = rows.find((r) => r.id === id)
  if (row === undefined) throw new Error(`no row is called ${id}`)
  const result = await measure(row, effort)
  if (process.send === undefined) console.log(render(result))
  else process.send(result, () => process.disconnect())
}

function machine(): string {
  const cores = cpus()
  return `Node ${process.versions.node}, ${platform()} ${release()}, ${cores.length} × ${cores[0]?.model ?? 'unknown'}`
}
