import { collectTests, type File, type Suite, type Test, type VitestRunner } from '@vitest/runner'
import { TestRunner } from 'vitest'

/** The tests of these files, as Vitest collects them, in their order. They stay in the process and can run again and again. */
export async function collect(paths: readonly string[]): Promise<Test[]> {
  const config = {
    root: process.env['MUTATION_ROOT'] ?? '',
    setupFiles: [],
    name: undefined,
    passWithNoTests: true,
    testNamePattern: undefined,
    allowOnly: true,
    sequence: { shuffle: false, concurrent: false, seed: 1, hooks: 'stack', setupFiles: 'list' },
    chaiConfig: undefined,
    maxConcurrency: 1,
    testTimeout: 30_000,
    hookTimeout: 60_000,
    retry: 0,
    includeTaskLocation: false,
    tags: [],
    tagsFilter: undefined,
    strictTags: false,
  } as unknown as VitestRunner['config']
  const runner: VitestRunner = { config, pool: 'mutation', viteEnvironment: 'node', importFile: (path) => import(path) }
  const files: File[] = []
  for (const filepath of paths) files.push(...(await collectTests([{ filepath, testLocations: undefined }], runner)))
  const broken = files.filter((f) => f.result?.state === 'fail')
  if (broken.length > 0) throw new Error(`specs can't be loaded: ${broken.map((f) => `${f.name}: ${f.result?.errors?.[0]?.message}`).join('; ')}`)
  return files.flatMap((f) => testsOf(f))
}

function testsOf(suite: Suite): Test[] {
  return suite.tasks.flatMap((task) => (task.type === 'suite' ? testsOf(task) : task.mode === 'run' ? [task] : []))
}

const begun = new Set<Suite>()

/** What the specs want done after all of their tests: once, when the process ends. */
export async function finish(): Promise<void> {
  for (const suite of [...begun].toReversed()) for (const hook of TestRunner.getSuiteHooks(suite).afterAll) await (hook as () => unknown)()
}

/** Runs one test with its hooks, those for a whole suite when its first test runs; gives what went wrong, or null. */
export async function runTest(test: Test): Promise<string | null> {
  const suites: Suite[] = []
  for (let s: Suite | undefined = test.suite ?? test.file; s !== undefined; s = s.suite ?? (s === test.file ? undefined : test.file)) suites.unshift(s)
  const hooks = suites.map((s) => TestRunner.getSuiteHooks(s))
  const undo: (() => unknown)[] = []
  const run = async (list: readonly unknown[], context: unknown): Promise<void> => {
    for (const hook of list) {
      const cleanup = await (hook as (context: unknown, suite: unknown) => unknown)(context, test.suite ?? test.file)
      if (typeof cleanup === 'function') undo.unshift(cleanup as () => unknown)
    }
  }
  let error: string | null = null
  try {
    for (const [i, suite] of suites.entries()) {
      if (begun.has(suite)) continue
      begun.add(suite)
      await run(hooks[i]?.beforeAll ?? [], {})
      undo.length = 0
    }
    for (const h of hooks) await run(h.beforeEach, test.context)
    await TestRunner.getTestFn(test)()
  } catch (caught) {
    error = inWords(caught)
  }
  try {
    for (const h of hooks.toReversed()) await run(h.afterEach, test.context)
    for (const cleanup of undo) await cleanup()
  } catch (caught) {
    error ??= inWords(caught)
  }
  return error
}

function inWords(error: unknown): string {
  try {
    return String(error instanceof Error ? error.message : error).slice(0, 300)
  } catch {
    return 'an error that has no words'
  }
}
