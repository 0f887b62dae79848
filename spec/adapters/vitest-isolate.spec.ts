import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check, pause } from '../../src/index.ts'
import { type ChildResult, childVitest, copyOf, removeCopies } from './child-vitest.ts'

afterAll(removeCopies)

/** fixtures/vitest/isolate.fixture.ts, whose modules keep state. */
interface Tests {
  readonly folder: string
  status(name: string): string | undefined
  /** In one line. */
  message(name: string): string
  /** `schedules  choice points  explored`. */
  row(name: string): string[]
}

async function run(folder: string, args: readonly string[], env: Record<string, string> = {}): Promise<Tests> {
  const { results, output } = await childVitest(folder, ['isolate', ...args], env)
  const of = (name: string): ChildResult | undefined => results.find((r) => r.title === name)
  return {
    folder,
    status: (name) => of(name)?.status,
    message: (name) => of(name)?.message.replaceAll(/\s+/g, ' ') ?? '',
    row: (name) => output.split('\n').find((l) => l.includes(`> ${name}  `))?.trim().split(/ {2,}/).slice(1, 4) ?? [],
  }
}

describe.each([['forks'], ['vmThreads']])('state at module level: %s', (pool) => {
  let tests: Tests
  beforeAll(async () => {
    tests = await run(copyOf('vitest'), ['--pool', pool])
  })

  test('that outlives a schedule is told from a race, with what to do', () => {
    expect(tests.status('leaks')).toBe('failed')
    expect(tests.message('leaks')).toContain('what failed is not an order, but state that an earlier schedule has left behind')
    expect(tests.message('leaks')).toContain('`isolate: true` in the options of test.explore')
  })

  test('is new for each schedule with isolate: true', () => {
    expect(tests.status('isolated')).toBe('passed')
    expect(tests.row('isolated')).toEqual(['6', '12', 'every schedule'])
  })

  test('is new for whoever imports it, and however; mocks and the tests stay', () => {
    for (const name of ['every kind of import', 'a module that the body loads', 'setup has the modules of its schedule']) {
      expect(tests.status(name), `${name}: ${tests.message(name)}`).toBe('passed')
      expect(tests.row(name), name).toEqual(['6', '12', 'every schedule'])
    }
  })

  test('is as it was before once the exploration is over', () => {
    expect(tests.status('not isolated'), tests.message('not isolated')).toBe('passed')
    expect(tests.status('everything is as it was'), tests.message('everything is as it was')).toBe('passed')
  })

  test('in the test file is not reached, and that is said', () => {
    expect(tests.message('state in the test file')).toContain('although `isolate` imports modules anew: state that it does not reach, in the test file itself')
    expect(tests.message('state in the test file')).not.toContain('`isolate: true`')
  })

  test('that a function makes anew is another matter', () => {
    expect(tests.status('a function')).toBe('passed')
    expect(tests.row('a function')).toEqual(['6', '12', 'every schedule'])
  })

  test('a race in it is a race, and its token replays it', async () => {
    expect(tests.message('a race')).toContain('InterleavingError: AssertionError: expected 2 to be 3')
    const token = / token (\S+) /.exec(tests.message('a race'))?.[1] ?? 'no token'
    const replayed = await run(tests.folder, ['--pool', pool], { HEDDLE_REPLAY: token })
    expect(replayed.message('a race')).toContain('expected 2 to be 3')
    expect(replayed.row('a race')).toEqual(['1', '1', 'replayed'])
  })
})

test('isolate: true is refused where vite has no part in it', async () => {
  const told = check(async () => pause(), { isolate: true as never })
  await expect(told).rejects.toThrow(TypeError)
  await expect(told).rejects.toThrow(/option isolate must be a function here.*test\.explore of heddle\/vitest.*heddle explore has --isolate/)
})
