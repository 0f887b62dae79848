import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAst } from 'rolldown/parseAst'
import { join as joined } from '../src/cli/join.ts'
import { scenarioFiles } from '../src/cli/files.ts'
import { githubAnnotations } from '../src/cli/github.ts'
import { Misuse } from '../src/cli/misuse.ts'
import { parseResults, resultsText } from '../src/cli/parse-results.ts'
import type { ScenarioResult } from '../src/cli/results.ts'
import { summary } from '../src/cli/summary.ts'
import { decodeToken, encodeToken, InvalidTokenError } from '../src/explore/token.ts'
import {
  checkSync,
  describeFailure,
  type Failure,
  type FailureFile,
  failureFileText,
  fileCorpus,
  gather,
  InvalidFailureFileError,
  Lock,
  parseFailureFile,
  regressionTest,
  shared,
  sleep,
} from '../src/index.ts'
import { failureHtml } from '../src/report/html/failure-html.ts'
import { mermaid } from '../src/report/mermaid.ts'
import { perfettoTrace } from '../src/report/perfetto.ts'
import { forged } from './forged.ts'
import { type Chance, HOSTILE_TEXTS, hostileJson, hostileText } from './hostile-input.ts'

/** One kind of input: each attempt ends well, or with the error that is meant for it; whatever else happens is thrown. */
export interface Target {
  readonly name: string
  attempt(chance: Chance): 'accepted' | 'refused'
  close?(): void
}

/** A test with tasks, values, a lock, waits and time: its failure file has every kind of field. */
function* scenario() {
  const cell = shared(0, 'cell')
  const lock = new Lock({ name: 'guard' })
  function* increment() {
    yield* sleep(0.5)
    const n = yield* cell.read()
    yield* cell.write(n + 1)
  }
  yield* gather([increment(), increment(), lock.acquire()])
  if (cell.value !== 2) throw new Error('lost update')
}

function* deadlock() {
  const [a, b] = [new Lock({ name: 'a' }), new Lock({ name: 'b' })]
  function* both(first: Lock, second: Lock) {
    yield* first.acquire()
    yield* second.acquire()
  }
  yield* gather([both(a, b), both(b, a)])
}

function failureOf(body: typeof scenario, name: string): Failure {
  const { failure } = checkSync(body, { name })
  if (failure === undefined) throw new Error(`${name} has no failure`)
  return failure
}

const failures = [failureOf(scenario, 'scenarios/cell.ts > lost'), failureOf(deadlock, 'two locks')]
const files = failures.map((f) => failureFileText(f.file))
const tokens = failures.flatMap((f) => [f.token, f.firstToken])

export const tokenTarget: Target = {
  name: 'tokens',
  attempt(chance) {
    const text = hostileToken(chance)
    try {
      const schedule = decodeToken(text)
      if (encodeToken(schedule) !== text) throw new Error(`${text} is taken for another token`)
      return 'accepted'
    } catch (error) {
      if (error instanceof InvalidTokenError) return 'refused'
      throw error
    }
  },
}

function hostileToken(chance: Chance): string {
  const good = chance.of(tokens)
  if (chance.oneIn(3)) return hostileText(good, chance)
  if (chance.oneIn(4)) return chance.text()
  const body = chance.oneIn(2) ? chance.bytes(80) : Buffer.from(good.slice(3), 'base64url').subarray(0, -4)
  const bytes = Uint8Array.from(body)
  for (let n = chance.below(4); n > 0 && bytes.length > 0; n--) bytes[chance.below(bytes.length)] = chance.of([0, 1, 0x7f, 0x80, 0xff])
  return forged(bytes)
}

export const failureFileTarget: Target = {
  name: 'failure files',
  attempt(chance) {
    let file: FailureFile
    try {
      file = parseFailureFile(hostileJson(chance.of(files), chance))
    } catch (error) {
      if (error instanceof InvalidFailureFileError) return 'refused'
      throw error
    }
    expectHarmless(file)
    return 'accepted'
  },
}

/** Everything that is made of a failure file: none of it is more than text. */
export function expectHarmless(file: FailureFile): void {
  expectPlain(describeFailure(file))
  expectPlain(mermaid(file))
  JSON.parse(perfettoTrace(file))
  expectInertPage(failureHtml(file))
  const test = regressionTest(file)
  expectPlain(test)
  expectOneTest(test)
}

// oxlint-disable-next-line no-control-regex
const STEERING = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/

/** Nothing in it steers a terminal. */
function expectPlain(text: string): void {
  const found = STEERING.exec(text)
  if (found !== null) throw new Error(`U+${found[0].charCodeAt(0).toString(16)} would reach the terminal: ${JSON.stringify(text.slice(Math.max(0, found.index - 40), found.index + 40))}`)
}

const EMPTY_PAGE = failureHtml(failures[0]?.file as FailureFile).split(/<script type="application\/json" id="page">[^<]*<\/script>/)

/** The page is the same as that of any other failure, but for data in which no character is one of HTML's. */
function expectInertPage(html: string): void {
  const [before = '', after = ''] = EMPTY_PAGE
  if (!html.startsWith(before) || !html.endsWith(after)) throw new Error('the page differs in more than its data')
  const data = html.slice(before.length, html.length - after.length).replace(/^<script type="application\/json" id="page">/, '').replace(/<\/script>$/, '')
  if (/[<>&]/.test(data)) throw new Error(`the data of the page has a character of HTML's: ${data.slice(0, 200)}`)
  JSON.parse(data)
}

/** Imports and one call of test(), with a title and a function of which each statement is one that we write. */
function expectOneTest(source: string): void {
  const { body } = parseAst(source, { lang: 'ts' })
  const rest = body.filter((s) => s.type !== 'ImportDeclaration')
  const [only] = rest
  if (rest.length !== 1 || only?.type !== 'ExpressionStatement' || only.expression.type !== 'CallExpression') throw new Error(`more than one test: ${source}`)
  const calls = [...JSON.stringify(only, (_, v: unknown) => (typeof v === 'bigint' ? String(v) : v)).matchAll(/"type":"CallExpression".*?"callee":\{"type":"(\w+)"(?:[^{}]*?"name":"(\w+)")?/g)]
  for (const [, , name] of calls) {
    if (!['test', 'explore', 'replay', 'sequencer'].includes(name ?? '')) throw new Error(`${name ?? 'something'} would be called: ${source}`)
  }
}

const results = resultsText([resultOf(1), resultOf(2)])

function resultOf(shard: number): ScenarioResult {
  return {
    file: 'scenarios/cell.ts',
    scenario: 'lost',
    strategy: 'auto',
    seed: 1,
    permute: 'tasks',
    most: 1000,
    bail: false,
    shards: { count: 2, present: [shard] },
    schedules: 10,
    steps: 100,
    choicePoints: 50,
    exhausted: false,
    stopped: 'schedules',
    equivalent: 0,
    cut: 0,
    elapsed: 12,
    sometimes: { held: 0, other: 3 },
    failures: 1,
    distinct: failures.map((f, i) => ({ key: `key ${i}`, count: 1, shard, file: f.file })),
  }
}

export const resultsTarget: Target = {
  name: 'results files',
  attempt(chance) {
    try {
      const parsed = parseResults(hostileJson(results, chance), 'results.json')
      expectPlain(summary(parsed.results))
      expectPlain(githubAnnotations(parsed.results))
      if (parsed.results.length > 0) resultsText([joined(parsed.results)])
      return 'accepted'
    } catch (error) {
      if (error instanceof Misuse) return 'refused'
      throw error
    }
  },
}

/** A directory with a corpus in it, and beside it what nobody may touch. */
export function corpusTarget(): Target {
  const root = mkdtempSync(join(tmpdir(), 'heddle-hostile-'))
  writeFileSync(join(root, 'precious.json'), 'precious')
  const directory = join(root, '.heddle')
  mkdirSync(directory)
  let warned = 0
  const store = fileCorpus('.heddle', { root, warn: (line) => void (line === '' || warned++) })
  // So that a file is changed on its way to the run, and the store sees none of ours.
  const kept = failures[1] as Failure
  const place = join(root, store.save(kept.file))
  return {
    name: 'corpus files',
    attempt(chance) {
      warned = 0
      writeFileSync(place, hostileJson(files[1] as string, chance))
      const [entry] = store.load('two locks')
      const verdict = entry === undefined ? 'refused' : 'accepted'
      if (entry !== undefined) {
        const corpus = { load: () => [entry], save: () => 'elsewhere', drop: () => {} }
        const log = console.warn
        console.warn = () => {}
        try {
          checkSync(deadlock, { name: 'two locks', corpus, strategy: 'fifo', schedules: 1 })
        } finally {
          console.warn = log
        }
      }
      if (chance.oneIn(20)) {
        const name = chance.text()
        const id = store.save({ ...kept.file, name })
        if (!/^\.heddle\/[^/\\]+\.json$/.test(id)) throw new Error(`${JSON.stringify(name)} was written to ${id}`)
        if (name !== '' && store.load(name).length === 0) throw new Error(`what was kept of ${JSON.stringify(name)} is not found again`)
        for (const kind of store.load(name)) store.drop(kind)
      }
      if (readFileSync(join(root, 'precious.json'), 'utf8') !== 'precious' || readdirSync(root).length !== 2) throw new Error('it has left its directory')
      return verdict
    },
    close() {
      rmSync(root, { recursive: true, force: true })
    },
  }
}

export const pathTarget: Target = {
  name: 'scenario paths',
  attempt(chance) {
    const parts = Array.from({ length: 1 + chance.below(4) }, () => (chance.oneIn(3) ? 'src' : chance.text()))
    try {
      scenarioFiles([parts.join(chance.of(['/', '//', '/../', '\\', '']))])
      return 'accepted'
    } catch (error) {
      if (error instanceof Misuse) return 'refused'
      throw error
    }
  },
}

/** What everybody's objects inherit; nothing may ever be added. */
export function inherited(): string {
  const all = [Object.prototype, Array.prototype, Function.prototype, String.prototype, Map.prototype]
  return JSON.stringify(all.map((p) => Reflect.ownKeys(p).map(String)))
}

/** Makes inputs that have as many parts as they are told to, to see how the time grows. */
export const GROWING: Readonly<Record<string, (n: number) => void>> = {
  'a long token': (n) => {
    const schedule = decodeToken(tokens[0] as string)
    const picks = new Map(Array.from({ length: n }, (_, i) => [i * 3, 1 + (i % 5)]))
    decodeToken(encodeToken({ ...schedule, picks, choices: 3 * n }))
  },
  'a token that is none': (n) => refused(() => decodeToken(`h1.${'-_'.repeat(8 * n)}`)),
  'a schedule of many steps': (n) => grown(n, (i) => ({ lane: i % 5, task: `worker-${i % 5}` })),
  'a schedule of many lanes': (n) => grown(n, (i) => ({ lane: i, task: `worker-${i}` })),
  'a task of many lanes': (n) => grown(n, (i) => ({ lane: i, task: 'worker' })),
  'a name of many signs': (n) => everythingOf({ ...(failures[0] as Failure).file, name: HOSTILE_TEXTS.join('').repeat(Math.ceil(n / 100)) }),
  'a message of escapes': (n) => everythingOf({ ...(failures[0] as Failure).file, error: { name: 'E', message: '\u001b]\u001b['.repeat(4 * n) } }),
  'a message of blanks': (n) => everythingOf({ ...(failures[0] as Failure).file, error: { name: 'E', message: `${' '.repeat(4 * n)}x\n` } }),
  'brackets within brackets': (n) => refused(() => parseFailureFile(`{"format":"heddle-failure","version":1,"failing":${'['.repeat(8 * n)}${']'.repeat(8 * n)}}`)),
  'results of many shards': (n) => {
    const present = Array.from({ length: n }, (_, i) => i + 1)
    const text = resultsText([{ ...resultOf(1), shards: { count: 2 * n, present }, failures: 0, distinct: [] }])
    refused(() => summary([joined(parseResults(text, 'results.json').results)]))
  },
  'results of many failures': (n) => {
    const one = (resultOf(1).distinct[0] as ScenarioResult['distinct'][number]).file
    const distinct = Array.from({ length: Math.ceil(n / 10) }, (_, i) => ({ key: `key ${i}`, count: 1, shard: 1, file: one }))
    joined(parseResults(resultsText([{ ...resultOf(1), distinct }]), 'results.json').results)
  },
}

function refused(f: () => unknown): void {
  try {
    f()
  } catch (error) {
    if (!(error instanceof InvalidTokenError) && !(error instanceof InvalidFailureFileError) && !(error instanceof Misuse)) throw error
  }
}

function grown(n: number, lane: (i: number) => { lane: number; task: string }): void {
  const { file } = failures[0] as Failure
  const first = file.failing.steps[0] as FailureFile['failing']['steps'][number]
  const steps = Array.from({ length: n }, (_, i) => ({ ...first, step: i + 1, preemption: i % 2 === 1, ...lane(i) }))
  everythingOf({ ...file, failing: { ...file.failing, steps, values: [] } })
}

function everythingOf(file: FailureFile): void {
  const again = parseFailureFile(failureFileText(file))
  describeFailure(again)
  mermaid(again)
  perfettoTrace(again)
  failureHtml(again)
  regressionTest(again)
}

/**
 * How much longer sixteen times as much may take: nine times for each four (linear: 16 in all; by the square: 256). That leaves room for one
 * step on the way: parts that outlast a collection of young objects cost more than twice as much (JSON.parse alone takes 110 ns for each of
 * 64,000 brackets, and 260 ns for each of 2 million or 4).
 */
export const MOST_GROWTH = 9 * 9

/** How many times longer sixteen times as much takes, in processor time. */
export function growth(work: (n: number) => void, least = 1000): { readonly size: number; readonly ratio: number; readonly milliseconds: readonly number[] } {
  const cost = (n: number): number => {
    const times = Array.from({ length: 3 }, () => {
      const before = process.cpuUsage()
      work(n)
      const { user, system } = process.cpuUsage(before)
      return (user + system) / 1000
    })
    return Math.min(...times)
  }
  work(100)
  let size = least
  // What takes less is noise of the clock and the collector.
  while (cost(size) < 8 && size < 1_000_000) size *= 4
  const milliseconds = [cost(size), cost(4 * size), cost(16 * size)]
  return { size, ratio: (milliseconds[2] as number) / (milliseconds[0] as number), milliseconds }
}
