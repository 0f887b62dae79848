import type { Said, Sandbox } from './sandbox.ts'

/** A test runner or library in which the same race is found, replayed, and gone. */
export interface Host {
  readonly name: string
  /** What npm installs. */
  readonly packages: readonly string[]
  /** The package whose version is told. */
  readonly version?: string
  /** The major version of Node, if not the one that runs this. */
  readonly node?: string
  readonly command: readonly string[]
  readonly env?: Record<string, string>
  /** Runs the failing test again, from what the first run has said. */
  replay(sandbox: Sandbox, found: Said, run: (env?: Record<string, string>) => Said): Said
  /** What else the host has to hold; throws if it does not. */
  also?(sandbox: Sandbox): void
  /** A program that has to type-check against the host's own types. */
  readonly types?: string
}

function byToken(_: Sandbox, found: Said, run: (env?: Record<string, string>) => Said): Said {
  const token = /HEDDLE_REPLAY=(h1\.[\w-]+)/.exec(found.output)?.[1]
  if (token === undefined) throw new Error('the failure has no token')
  return run({ HEDDLE_REPLAY: token })
}

/** As a user of fast-check does: the seed and the path go into the call. */
function bySeedAndPath(sandbox: Sandbox, found: Said, run: () => Said): Said {
  const parameters = /\{ seed: -?\d+, path: "[^"]*", endOnFailure: true \}/.exec(found.output)?.[0]
  if (parameters === undefined) throw new Error('the failure has no seed and path')
  const file = 'fast-check.test.mjs'
  const before = sandbox.read(file)
  sandbox.write(file, before.replace('{ numRuns: 100 }', parameters))
  try {
    return run()
  } finally {
    sandbox.write(file, before)
  }
}

/** The fixtures of spec/adapters/vitest.spec.ts, which runs them under the vitest of the repository. */
function everyForm(sandbox: Sandbox): void {
  sandbox.take('fixtures/vitest')
  const { output } = sandbox.run(['node_modules/vitest/vitest.mjs', 'run', 'shapes'])
  const counts = /Tests\s+(.*)$/m.exec(output)?.[1]
  if (counts !== '5 failed | 14 passed | 1 expected fail | 3 skipped | 1 todo (24)') {
    throw new Error(`test.explore does otherwise here than in vitest 4 (${counts}):\n${output}`)
  }
  liveProgress(sandbox)
  freshModules(sandbox)
  wholeSuite(sandbox)
}

/** As spec/adapters/vitest-isolate.spec.ts has it; those that fail are to show what does. */
function freshModules(sandbox: Sandbox): void {
  const { output } = sandbox.run(['node_modules/vitest/vitest.mjs', 'run', 'isolate'])
  const failed = [...output.matchAll(/^ +× (\D*?) \d+ms$/gm)].map((m) => m[1])
  const expected = ['leaks', 'a race', 'state in the test file']
  if (failed.join() !== expected.join() || !/Tests +3 failed \| 7 passed \(10\)/.test(output)) {
    throw new Error(`with isolate: true modules are not as they should be:\n${output}`)
  }
}

/** As spec/adapters/vitest-progress.spec.ts has it: the line is in vitest's window. */
function liveProgress(sandbox: Sandbox): void {
  const { output } = sandbox.run(['node_modules/vitest/vitest.mjs', 'run', '--config', 'progress.config.ts'], { TERMINAL: '1', CI: '' })
  if (!/ Duration .*\n\n heddle: progress\.fixture\.ts > takes its time: .* of the space, \d+ s\n/.test(output)) {
    throw new Error(`an exploration that takes its time has no line in vitest's window:\n${output}`)
  }
}

/** Those of spec/adapters/vitest-runner.spec.ts. */
function wholeSuite(sandbox: Sandbox): void {
  sandbox.take('fixtures/runner')
  const { output } = sandbox.run(['node_modules/vitest/vitest.mjs', 'run', 'suite.fixture', 'left-out.fixture'])
  const counts = /^ {2}tests.*\n(?: {2}\S.*\n)+/m.exec(output)?.[0].replaceAll(/ {2,}/g, ' ')
  const expected = /tests 26\n explored 9 .*\n broken by some order 2\n could not be explored 14\n failed by themselves 1\n skipped 2\n/
  if (counts === undefined || !expected.test(counts)) {
    throw new Error(`heddle/vitest/runner does otherwise here than in vitest 4 (${counts}):\n${output}`)
  }
}

const VITEST_TYPES = `
import { pause, sleep } from 'heddle'
import { test, withExplore } from 'heddle/vitest'
import HeddleReporter from 'heddle/vitest/reporter'
import { defineConfig } from 'vitest/config'
import { test as base } from 'vitest'
test.explore('a', async () => pause(), { schedules: 5, timeout: 1000 })
test.explore('b', { retry: 1 }, function* () { yield* sleep(1) })
test.explore.only('c', async ({ task }) => { task.name.length })
test.explore.each([[1, 'x'], [2, 'y']] as const)('d', async (n, s) => { n.toFixed(); s.length })
test.explore.for([{ n: 1 }])('e', async ({ n }, { task }) => { n.toFixed(); task.name.length })
withExplore(base.extend<{ log: string[] }>({ log: [] })).explore('f', async ({ log }) => { log.push('x') })
// @ts-expect-error a misspelt option
test.explore('g', async () => {}, { schedule: 5 })
export default defineConfig({ test: { reporters: [new HeddleReporter()], provide: { heddle: { schedules: 5 } } } })
`

const FAST_CHECK_TYPES = `
import * as fc from 'fast-check'
import { concurrentModelRun, type Schedule, scheduleOf, schedules } from 'heddle/fast-check'
const arbitrary: fc.Arbitrary<Schedule> = schedules({ permute: 'io' })
const property = fc.asyncProperty(fc.array(fc.nat()), arbitrary, async (ns, s) => {
  const sum: number = await s.run(async () => ns.length)
  return sum >= 0
})
fc.assert(property, { examples: [[[1], scheduleOf('h1.')]] })
class Add implements fc.AsyncCommand<{ n: number }, { add(): Promise<void> }> {
  check(m: Readonly<{ n: number }>) { return m.n >= 0 }
  async run(m: { n: number }, r: { add(): Promise<void> }) { await r.add(); m.n++ }
  toString() { return 'add' }
}
fc.assert(fc.asyncProperty(fc.commands([fc.constant(new Add())]), schedules(), (commands, s) =>
  concurrentModelRun(s, () => ({ model: { n: 0 }, real: { add: async () => {} } }), commands)))
// @ts-expect-error a misspelt option
schedules({ permutes: 'io' })
`

const vitest = (major: string, node?: string): Host => ({
  name: `vitest ${major}`,
  // An optional peer of its own, without which its types are not whole.
  packages: [`vitest@${major}`, '@types/node'],
  version: 'vitest',
  ...(node === undefined ? {} : { node }),
  command: ['node_modules/vitest/vitest.mjs', 'run', 'vitest.test', '--reporter', 'default', '--reporter', 'heddle/vitest/reporter'],
  replay: byToken,
  also: everyForm,
  types: VITEST_TYPES,
})

const jest = (name: string, environment: string, more: readonly string[]): Host => ({
  name,
  packages: ['jest@30', ...more],
  version: 'jest',
  command: ['--experimental-vm-modules', 'node_modules/jest/bin/jest.js', '--env', environment, '--testMatch', '**/jest.test.mjs'],
  replay: byToken,
})

const fastCheck = (major: string): Host => ({
  name: `fast-check ${major}`,
  packages: [`fast-check@${major}`],
  version: 'fast-check',
  command: ['--test', 'fast-check.test.mjs'],
  replay: bySeedAndPath,
  types: FAST_CHECK_TYPES,
})

export const HOSTS: readonly Host[] = [
  { name: 'node:test', packages: [], command: ['--test', 'node-test.test.mjs'], replay: byToken },
  fastCheck('4'),
  fastCheck('3'),
  vitest('4'),
  vitest('5', '24'),
  {
    name: 'Mocha',
    packages: ['mocha@11'],
    version: 'mocha',
    command: ['node_modules/mocha/bin/mocha.js', 'mocha.test.mjs'],
    replay: byToken,
  },
  jest('Jest', 'node', []),
  // It plays a page, without much that pages and Node have.
  jest('Jest, jsdom', 'jsdom', ['jest-environment-jsdom@30']),
]
