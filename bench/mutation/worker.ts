import type { Answer, Request } from './protocol.ts'
import { collect, finish, runTest } from './tests.ts'

/** The process that holds the specs. It keeps them loaded, and runs those it is told with one mutant switched on. */

const switches = globalThis.__mutation__
const native = [setTimeout, setInterval, setImmediate, queueMicrotask, Date, Promise, Math.random] as const
const untouched = (): boolean =>
  [setTimeout, setInterval, setImmediate, queueMicrotask, Date, Promise, Math.random].every((f, i) => f === native[i])

function say(answer: Answer): void {
  process.send?.(answer)
}

function reached(): Record<string, number> {
  const hits: Record<string, number> = {}
  switches.reached.forEach((n, id) => {
    if (n > 0) hits[String(id)] = n
  })
  return hits
}

const active = switches.active
switches.covering = active < 0
const tests = await collect((process.env['MUTATION_SPECS'] ?? '').split('\n'))
switches.covering = false
// What nobody handles in time is the business of the test that looks for it.
process.on('unhandledRejection', () => {})
process.on('uncaughtException', () => {})
console.log = console.warn = console.error = console.info = () => {}

say({ kind: 'ready', tests: tests.map((t) => `${t.file.name} > ${t.fullTestName}`), static: Object.keys(reached()) })

process.on('message', (request: Request) => {
  void (request.kind === 'survey' ? survey(request.tests) : attempt(request))
})

process.on('disconnect', () => void finish().finally(() => process.exit()))

async function survey(numbers: readonly number[]): Promise<void> {
  for (const i of numbers) {
    const test = tests[i]
    if (test === undefined) continue
    switches.reached.fill(0)
    say({ kind: 'running', test: i })
    switches.covering = true
    const began = process.cpuUsage()
    const error = await runTest(test)
    const { user, system } = process.cpuUsage(began)
    const ms = (user + system) / 1000
    switches.covering = false
    const facts = { passed: error === null, ms, hits: reached() }
    say({ kind: 'test', test: i, facts: error === null ? facts : { ...facts, error } })
  }
  say({ kind: 'surveyed' })
}

async function attempt({ mutant, tests: numbers, hits }: Extract<Request, { kind: 'try' }>): Promise<void> {
  const withMutant = async (number: number, limit: number): Promise<string | null> => {
    const test = tests[number]
    if (test === undefined) throw new Error(`there is no test ${number}`)
    switches.active = Number(mutant)
    switches.hits = 0
    switches.limit = limit
    const error = await runTest(test)
    switches.active = active
    return error ?? (untouched() ? null : 'globals were left replaced')
  }
  for (const [i, number] of numbers.entries()) {
    say({ kind: 'running', test: number })
    const test = tests[number]
    const limit = hits[i] ?? 0
    const error = await withMutant(number, limit)
    if (error === null || test === undefined) continue
    // A mutant that was there while the modules were loaded can't be taken out again.
    if (active >= 0) return say({ kind: 'killed', test: number, error })
    if (!untouched() || (await runTest(test)) !== null) return say({ kind: 'spoilt', test: number })
    if ((await withMutant(number, limit)) !== null) return say({ kind: 'killed', test: number, error })
  }
  say({ kind: 'survived' })
}
