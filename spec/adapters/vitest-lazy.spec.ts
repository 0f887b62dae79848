import { readdirSync } from 'node:fs'
import { afterAll, afterEach, describe, expect, test, vi } from 'vitest'
import { onceLoaded } from '../../src/adapters/vitest/late-imports.ts'
import { check, type CorpusStore, type ExploreOptions, type FailureFile, type Report } from '../../src/index.ts'
import { type ChildRun, childVitest, copyOf, removeCopies } from './child-vitest.ts'

afterAll(removeCopies)

const RACE = 'a race in a module that is loaded'

function message({ results }: ChildRun, name: string): string {
  return results.find((r) => r.title === name)?.message.replaceAll(/\s+/g, ' ') ?? ''
}

test('the schedule that loads a module first is not blamed for it', async () => {
  const folder = copyOf('vitest')
  const first = await childVitest(folder, ['lazy'])
  expect(first.results.map((r) => [r.title, r.status])).toEqual([
    ['a module is loaded by a task', 'passed'],
    [RACE, 'failed'],
  ])
  expect(first.output).toMatch(/a module is loaded by a task +3 +\S+ +every schedule/)
  // The failure is the race's own, kept once, and nothing of the first attempt is.
  expect(message(first, RACE)).toContain('InterleavingError: AssertionError: expected 2 to be 1')
  expect(readdirSync(`${folder}/.heddle`).filter((name) => name.includes('race'))).toHaveLength(1)

  // A new worker, in which nothing is loaded.
  const token = / token (\S+) /.exec(message(first, RACE))?.[1] ?? 'no token'
  const replayed = await childVitest(folder, ['lazy', '-t', RACE], { HEDDLE_REPLAY: token })
  expect(message(replayed, RACE)).toContain('InterleavingError: AssertionError: expected 2 to be 1')
  expect(replayed.output).toMatch(/a race in a module that is loaded +1 +\S+ +replayed/)
})

describe('an exploration that has failed', () => {
  const modules = new Map<string, object>()
  afterEach(() => {
    modules.clear()
    vi.unstubAllGlobals()
  })

  /** Explores as often as it is asked; `load` is called before each time, and what it gives after it: they load modules, or throw. */
  async function explore(body: () => void, options: ExploreOptions, load: (attempt: number) => (() => void) | unknown): Promise<[attempts: number, Promise<Report>]> {
    vi.stubGlobal('__vitest_mocker__', {
      moduleRunner: { cachedRequest: () => {}, evaluatedModules: { idToModuleMap: modules, getModuleById: () => undefined } },
    })
    let attempts = 0
    const ended = onceLoaded(options, async (o) => {
      attempts++
      const after = load(attempts)
      const report = await check(body, o)
      if (typeof after === 'function') after()
      return report
    })
    await ended.catch(() => {})
    return [attempts, ended]
  }
  const loads = (id: string, meta: object | undefined = {}): void => void modules.set(id, { id, meta, imports: new Set() })
  const fails = (): never => {
    throw new Error('always')
  }

  test('begins again as long as it has loaded modules of the project, and the last one counts', async () => {
    const [attempts, ended] = await explore(fails, {}, (attempt) => attempt < 4 && loads(`/src/${attempt}.ts`))
    expect(attempts).toBe(4)
    expect((await ended).failure?.error).toEqual(new Error('always'))
  })

  test('does so if it was thrown out, too', async () => {
    const [attempts, ended] = await explore(() => {}, {}, (attempt) => {
      if (attempt > 1) return
      loads('/src/a.ts')
      throw new Error('a replay that waits')
    })
    expect(attempts).toBe(2)
    expect((await ended).failure).toBeUndefined()
  })

  test('does not begin again for what is no module of the project', async () => {
    const [attempts] = await explore(fails, {}, (attempt) => {
      loads(`mock:/src/${attempt}.ts`)
      loads(`/node_modules/${attempt}/index.js`, { externalize: 'file:///node_modules' })
      modules.set(`unfetched ${attempt}`, { id: `unfetched ${attempt}`, imports: new Set() })
    })
    expect(attempts).toBe(1)
  })

  test('does not go on for ever, nor when it is told to stop, nor if it has passed', async () => {
    const endless = await explore(fails, {}, (attempt) => loads(`/src/late.ts?${attempt}`))
    expect(endless[0]).toBe(10)
    expect((await endless[1]).failure?.kind).toBe('error')
    const stop = new AbortController()
    const stopped = await explore(fails, { signal: stop.signal }, (attempt) => {
      loads(`/src/stopped.ts?${attempt}`)
      stop.abort()
    })
    expect(stopped[0]).toBe(1)
    expect((await explore(() => {}, {}, () => loads('/src/passing.ts')))[0]).toBe(1)
  })

  test('leaves in the corpus what the last attempt has', async () => {
    const kept = new Map<string, FailureFile>()
    const log: string[] = []
    const corpus: CorpusStore = {
      load: (name) => [...kept].filter(([, file]) => file.name === name).map(([id, file]) => ({ id, file })),
      save(file) {
        log.push('save')
        kept.set(file.failing.token, file)
        return file.failing.token
      },
      drop(entry) {
        log.push('drop')
        kept.delete(entry.id)
      },
    }
    let attempt = 0
    const failsFirst = (): void => {
      if (attempt === 1) fails()
    }
    const [, ended] = await explore(failsFirst, { name: 'a test', corpus }, (n) => {
      attempt = n
      if (n === 1) loads('/src/a.ts')
    })
    expect((await ended).failure).toBeUndefined()
    expect((await ended).corpus).toMatchObject({ rerun: 0 })
    expect(log).toEqual(['save', 'drop'])
    expect(kept.size).toBe(0)

    // What the first attempt drops is there for the second one.
    await check(fails, { name: 'a test', corpus })
    expect(kept.size).toBe(1)
    vi.spyOn(console, 'warn').mockImplementation(() => {})
    const failsThen = (): void => {
      if (attempt > 1) fails()
    }
    const [attempts, second] = await explore(failsThen, { name: 'a test', corpus, strategy: 'random' }, (n) => {
      attempt = n
      return () => {
        if (n > 1) return
        expect(kept.size).toBe(0)
        loads('/src/b.ts')
        throw new Error('a replay that waits')
      }
    })
    vi.restoreAllMocks()
    expect(attempts).toBe(2)
    expect((await second).corpus).toMatchObject({ rerun: 1, failed: 1, dropped: 0 })
    expect(kept.size).toBe(1)
  })
})
