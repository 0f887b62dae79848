/**
 * `npm run mutation [-- PATH…] [--sample 0.1] [--seed 1] [--specs WORD,…] [--slow MS] [--budget MS] [--static] [--again]`: changes the sources in
 * one place at a time and says which changes no spec notices. Results in build/mutation/results.json.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { Crew } from './crew.ts'
import { equivalent, outdated } from './equivalents.ts'
import { instrument, type Mutant, sample } from './mutants.ts'
import type { TestFacts } from './protocol.ts'
import { interval, type Result, row, survivors, table } from './report.ts'

const ROOT = fileURLToPath(new URL('../../../', import.meta.url))
const OUT = `${ROOT}build/mutation/`
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    sample: { type: 'string', default: '1' },
    seed: { type: 'string', default: '1' },
    specs: { type: 'string' },
    slow: { type: 'string', default: '200' },
    budget: { type: 'string', default: '2000' },
    static: { type: 'boolean', default: false },
    again: { type: 'boolean', default: false },
    out: { type: 'string', default: 'results.json' },
  },
})
const budget = Number(values.budget)
const slow = Number(values.slow)

function below(path: string): string[] {
  if (!statSync(`${ROOT}${path}`).isDirectory()) return [path]
  return readdirSync(`${ROOT}${path}`).toSorted().flatMap((name) => below(`${path}/${name}`))
}

const paths = positionals.length > 0 ? positionals : ['src/loop', 'src/asyncio', 'src/strategies', 'src/explore']
const files = paths.flatMap((p) => below(p.replace(/\/$/, ''))).filter((f) => f.endsWith('.ts'))
const words = values.specs?.split(',')
const specs = ['spec/loop', 'spec/asyncio', 'spec/strategies', 'spec/explore', 'spec/report', 'spec/world', 'spec/conformance.spec.ts', 'properties']
  .flatMap((p) => below(p))
  // Some change the process that they run in, for good, and some run the built package.
  .filter((f) => /\.(spec|property)\.ts$/.test(f) && !/world\/(adopted|escapes|open|watchdog)|report\/regression/.test(f) && (words?.some((w) => f.includes(w)) ?? true))

const { code, mutants: all } = await instrument(ROOT, files)
for (const name of outdated(files, all)) console.log(`named as equivalent, and no mutant any more: ${name}`)
rmSync(`${OUT}code`, { recursive: true, force: true })
for (const [file, text] of code) {
  mkdirSync(dirname(`${OUT}code/${file}`), { recursive: true })
  writeFileSync(`${OUT}code/${file}`, text)
}

const identity = (m: Mutant): string => `${m.file}:${m.line} ${m.mutator} ${m.original} -> ${m.replacement}`
const read = <T>(path: string, otherwise: T): T => (existsSync(path) ? (JSON.parse(readFileSync(path, 'utf8')) as T) : otherwise)
// Of an earlier run: what was killed stays killed as long as specs are only added.
const earlier = new Map((values.again ? read<Result[]>(`${OUT}${values.out}`, []) : []).map((r) => [identity(r), r]))
const chosen = sample(all, Number(values.sample), Number(values.seed))

const crew = new Crew(ROOT, specs.map((s) => `${ROOT}${s}`))
if (!(await crew.start())) throw new Error('the specs could not be loaded')
/** Kept by title alone, as specs move from file to file. */
const title = (test: number): string => (crew.tests[test] ?? '').replace(/^.*? > /, '')
const durations = read<Record<string, number>>(`${OUT}durations.json`, {})
const facts = new Map<number, TestFacts>()
const quick = [...crew.tests.keys()].filter((t) => (durations[title(t)] ?? 0) <= slow)
await crew.survey(quick, (test, fact) => {
  durations[title(test)] = fact.ms
  writeFileSync(`${OUT}durations.json`, JSON.stringify(durations))
  if (fact.passed && fact.ms <= slow) facts.set(test, fact)
  if (!fact.passed) console.log(`left out, as it fails here without a mutant: ${crew.tests[test]} (${fact.error?.slice(0, 80).replaceAll('\n', ' ')})`)
})
console.log(`${chosen.length} of ${all.length} mutants in ${files.length} files; ${facts.size} of ${crew.tests.length} tests, ${specs.length} specs`)

/** Those that notice most in this file come first, then its own specs, then the quickest. */
const kills = new Map<string, number>()
function inOrder(file: string, tests: readonly number[]): number[] {
  const own = (file.split('/').at(-1) ?? '').replace(/\.ts$/, '')
  const rank = (t: number): number => {
    const killed = kills.get(`${file} ${t}`) ?? 0
    const cost = (facts.get(t)?.ms ?? 0) + 1
    return cost / (1 + 20 * killed) / ((crew.tests[t] ?? '').includes(own) ? 30 : 1)
  }
  const ranks = new Map(tests.map((t) => [t, rank(t)]))
  const ordered = tests.toSorted((a, b) => (ranks.get(a) ?? 0) - (ranks.get(b) ?? 0))
  let spent = 0
  return ordered.filter((t) => (spent += facts.get(t)?.ms ?? 0) <= budget)
}

const loading = new Set(crew.static)
const results: Result[] = []
async function judge(mutant: Mutant): Promise<Result> {
  const before = earlier.get(identity(mutant))
  if (before !== undefined && ['killed', 'timeout', 'crash'].includes(before.status)) return { ...before, id: mutant.id }
  const covering = [...facts.keys()].filter((t) => (facts.get(t)?.hits[mutant.id] ?? 0) > 0)
  let verdict = covering.length > 0 ? await crew.attempt(mutant.id, inOrder(mutant.file, covering), facts) : null
  // It takes a process of its own, in which it is there from the start.
  if (loading.has(mutant.id) && !values.static && (verdict === null || verdict.status === 'survived')) return { ...mutant, status: 'static' }
  if (loading.has(mutant.id) && (verdict === null || verdict.status === 'survived')) {
    const started = await crew.start(mutant.id)
    verdict = started ? await crew.attempt(mutant.id, inOrder(mutant.file, [...facts.keys()]), facts) : { status: 'crash', test: -1 }
    crew.stop()
  }
  if (verdict === null || verdict.status === 'survived') {
    const reason = equivalent(mutant)
    if (reason !== null) return { ...mutant, status: 'equivalent', why: reason }
    return { ...mutant, status: verdict === null ? 'uncovered' : 'survived' }
  }
  const key = `${mutant.file} ${verdict.test}`
  kills.set(key, (kills.get(key) ?? 0) + 1)
  const why = `${crew.tests[verdict.test] ?? 'while it is loaded'}${'error' in verdict ? `: ${verdict.error}` : ''}`
  return { ...mutant, status: verdict.status === 'spoilt' ? 'killed' : verdict.status, why }
}

const began = performance.now()
for (const [i, mutant] of chosen.entries()) {
  results.push(await judge(mutant))
  if (i % 20 === 19) {
    const { raw } = row('', results)
    console.log(`${i + 1} of ${chosen.length}, ${raw} %, ${Math.round((performance.now() - began) / 1000)} s`)
    writeFileSync(`${OUT}${values.out}`, JSON.stringify(results, null, 1))
  }
}
crew.stop()
writeFileSync(`${OUT}${values.out}`, JSON.stringify(results, null, 1))
console.log(survivors(results))
console.log(table(results))
const total = row('all', results)
const [low, high] = interval(total.killed, total.mutants - total.equivalent)
console.log(`${total.killed} of ${total.mutants - total.equivalent} killed, ${total.score} % (95 %: ${low} to ${high}); ${total.equivalent} named as equivalent`)
