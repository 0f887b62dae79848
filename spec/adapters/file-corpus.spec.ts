import { fork, spawnSync } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { check, checkSync, type ExploreOptions, type FailureFile, fileCorpus, gather, Lock, parseFailureFile, sleep } from '../../src/index.ts'

let root = ''
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'heddle-corpus-'))
})
afterEach(() => {
  rmSync(root, { recursive: true, force: true })
  vi.restoreAllMocks()
})

const directory = (): string => join(root, '.heddle')
const files = (): string[] => (existsSync(directory()) ? readdirSync(directory()).toSorted() : [])

/** Fails when B comes between two neighbouring steps of A's, which one schedule in some hundred does. */
function late(steps: number, fixed = false, label = 'step') {
  return function* () {
    let at = 0
    let seen = -1
    const a = function* () {
      for (at = 0; at < steps; at++) yield* sleep(0, label)
    }
    const b = function* () {
      yield* sleep(0, 'look')
      seen = at
    }
    yield* gather([a(), b()])
    if (seen === steps - 1 && !fixed) throw new Error('in the window')
  }
}

function explored(body: () => Generator<unknown, unknown, unknown>, options: ExploreOptions = {}) {
  return checkSync(body, { name: 'late window', corpus: fileCorpus('.heddle', { root }), schedules: 5000, ...options })
}

describe('the corpus', () => {
  test('keeps a failing schedule in a file of its own, named after its test', () => {
    const report = explored(late(6))
    expect(files()).toHaveLength(1)
    expect(files()[0]).toMatch(/^late-window-[0-9a-f]{8}\.json$/)
    const kept = parseFailureFile(readFileSync(join(directory(), files()[0] as string), 'utf8'))
    expect(kept).toMatchObject({ name: 'late window', kind: 'error', error: { message: 'in the window' } })
    expect(kept.failing.token).toBe(report.failure?.token)
    expect(report.corpus).toEqual({ rerun: 0, failed: 0, dropped: 0, notes: [] })
  })

  test('has nothing of this machine in it', () => {
    explored(late(6), { corpus: fileCorpus(directory(), { root: process.cwd() }) })
    const text = readFileSync(join(directory(), files()[0] as string), 'utf8')
    expect(text).not.toContain(process.cwd())
    expect(text).not.toContain(root)
    expect(text).toContain('"file":"spec/adapters/file-corpus.spec.ts"')
  })

  test('is run first, before a strategy would find the failure', () => {
    const first = explored(late(8), { strategy: 'random' })
    expect(first.failure?.schedule).toBeGreaterThan(2)
    const second = explored(late(8), { strategy: 'random' })
    expect(second.failure?.schedule).toBe(1)
    expect(second.failure?.token).toBe(first.failure?.token)
    expect(second.corpus).toMatchObject({ rerun: 1, failed: 1, dropped: 0 })
    expect(files()).toHaveLength(1)
    expect(String(second.failure)).toContain('schedule 1, found by the corpus')
  })

  test('comes after FIFO with auto', () => {
    explored(late(8))
    expect(explored(late(8)).failure?.schedule).toBe(2)
  })

  test('does not change which schedules a strategy makes', () => {
    explored(late(8), { strategy: 'random' })
    const passing = late(8, true)
    const withCorpus = explored(passing, { strategy: 'random', schedules: 50 })
    const without = checkSync(passing, { name: 'late window', strategy: 'random', schedules: 50 })
    expect([withCorpus.schedules, withCorpus.steps - without.steps > 0]).toEqual([51, true])
    expect(withCorpus.seed).toBe(without.seed)
  })

  test('drops a schedule that passes, and says why', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    explored(late(6))
    expect(warn).not.toHaveBeenCalled()
    const report = explored(late(6, true), { schedules: 20 })
    expect(report.failure).toBeUndefined()
    expect(files()).toEqual([])
    expect(report.corpus).toMatchObject({ rerun: 1, failed: 0, dropped: 1 })
    expect(report.corpus?.notes[0]).toMatch(/^\.heddle\/late-window-.*\.json: its schedule passes now, and is dropped: it ran as it was written down$/)
    expect(warn.mock.calls).toEqual([[`heddle: ${report.corpus?.notes[0]}`]])
  })

  test('keeps a schedule that passes under other options than it was made with', () => {
    explored(late(6))
    const report = explored(late(6), { permute: 'io', schedules: 5 })
    expect(report.failure).toBeUndefined()
    expect(report.corpus).toMatchObject({ rerun: 1, dropped: 0 })
    expect(report.corpus?.notes[0]).toMatch(/passes, and is kept all the same: it was made with other options \(permute\)$/)
    expect(files()).toHaveLength(1)
  })

  test('follows the labels of a program that has changed, and says from where on', () => {
    explored(late(6))
    // One more choice at the beginning shifts every pick by one.
    const changed = function* () {
      yield* gather([sleep(0, 'x'), sleep(0, 'y')])
      yield* late(6)()
    }
    const report = explored(changed, { schedules: 1 })
    expect(report.corpus).toMatchObject({ rerun: 1 })
    expect(report.corpus?.notes[0]).toMatch(/the program has changed since, step \d+ differs; \d+ of its \d+ steps came/)
  })

  test('finds the failure of a changed program by its labels alone', async () => {
    const body = (extra: boolean) => async () => {
      let n = 0
      const lock = new Lock({ name: 'unused' })
      const add = async (who: string) => {
        if (extra) await lock.with(async () => {})
        const before = n
        await sleep(1)
        await sleep(0, who)
        n = before + 1
      }
      const reset = async () => {
        await sleep(1)
        n = 10
      }
      await gather([() => add('a'), () => reset()])
      if (n === 10) throw new Error('reset came last')
    }
    const options = { name: 'reset', corpus: fileCorpus('.heddle', { root }) }
    const first = await check(body(false), options)
    expect(first.failure?.kind).toBe('error')
    const second = await check(body(true), { ...options, strategy: 'random', schedules: 1 })
    expect(second.failure?.schedule).toBe(1)
    expect(second.failure?.error).toMatchObject({ message: 'reset came last' })
  })

  test('of one test is not another one\'s, whatever their names have in common', () => {
    explored(late(6))
    explored(late(6), { name: 'late  WINDOW!' })
    expect(files()).toHaveLength(2)
    expect(explored(late(6, true), { name: 'late  WINDOW!', schedules: 5 }).corpus?.dropped).toBe(1)
    expect(files()).toHaveLength(1)
    expect(fileCorpus('.heddle', { root }).load('late window')).toHaveLength(1)
  })

  test('needs a name', () => {
    expect(() => checkSync(late(3), { corpus: true })).toThrow(/corpus needs option name/)
    expect(() => checkSync(late(3), { name: 'x', corpus: {} as never })).toThrow(/option corpus must be/)
  })

  test('keeps what several schedules have failed by, without bail', () => {
    const body = function* () {
      let first = ''
      const come = function* (who: string) {
        yield* sleep(0, who)
        first ||= who
      }
      yield* gather([come('a'), come('b'), come('c')])
      if (first === 'b') throw new RangeError('b')
      if (first === 'c') throw new TypeError('c')
    }
    const report = explored(body, { bail: false })
    expect(report.distinct).toHaveLength(2)
    expect(files()).toHaveLength(2)
    expect(explored(body, { bail: false }).corpus).toMatchObject({ rerun: 2, failed: 2 })
    expect(files()).toHaveLength(2)
  })
})

describe('trouble with files never fails a test', () => {
  const warned = (): string[] => {
    const lines: string[] = []
    vi.spyOn(console, 'warn').mockImplementation((line: string) => void lines.push(line))
    return lines
  }

  test('a truncated file is told of in one line, skipped, and left alone', () => {
    explored(late(6))
    const path = join(directory(), files()[0] as string)
    truncateSync(path, 200)
    const lines = warned()
    const report = explored(late(6, true), { schedules: 5 })
    expect(report.failure).toBeUndefined()
    expect(report.corpus?.rerun).toBe(0)
    expect(lines).toHaveLength(1)
    expect(lines[0]).toMatch(/late-window-\w+\.json is skipped: this is not a valid failure file.*cut short.*delete it/)
    expect(readFileSync(path, 'utf8')).toHaveLength(200)
  })

  test('the failure is written anew where its file is damaged', () => {
    explored(late(6))
    const path = join(directory(), files()[0] as string)
    const whole = readFileSync(path, 'utf8')
    truncateSync(path, 200)
    warned()
    explored(late(6))
    expect(readFileSync(path, 'utf8')).toBe(whole)
  })

  test('a directory that is a file', () => {
    writeFileSync(directory(), 'not a directory')
    const lines = warned()
    const report = explored(late(6))
    expect(report.failure?.kind).toBe('error')
    expect(lines.length).toBeGreaterThan(0)
    for (const line of lines) expect(line).toMatch(/^heddle: the corpus could not be (read|written), and the test goes on without: E/)
    expect(report.corpus?.notes.map((note) => `heddle: ${note}`)).toEqual(lines)
  })

  test.skipIf(process.getuid?.() === 0)('a directory that may not be written', () => {
    mkdirSync(directory())
    chmodSync(directory(), 0o500)
    const lines = warned()
    expect(explored(late(6)).failure?.kind).toBe('error')
    expect(lines.join()).toContain('EACCES')
  })

  test('a host without files', () => {
    const { getBuiltinModule } = process
    const lines = warned()
    Object.assign(process, { getBuiltinModule: undefined })
    try {
      const report = checkSync(late(6), { name: 'x', corpus: true })
      expect(report.failure?.kind).toBe('error')
    } finally {
      Object.assign(process, { getBuiltinModule })
    }
    expect(lines).toHaveLength(2)
    for (const line of lines) expect(line).toMatch(/could not be (read|written), and the test goes on without: node:\w+ is needed/)
  })

  test('a disk that is full half-way: nothing half-written stays', async () => {
    const { file } = explored(late(6)).failure as { file: FailureFile }
    rmSync(directory(), { recursive: true })
    const source = join(root, 'file.json')
    writeFileSync(source, JSON.stringify({ ...file, error: { name: 'Error', message: 'x'.repeat(100_000) } }))
    const script = writer(source, `
      try { store.save(file) } catch (error) { process.stdout.write(error.code) }
    `)
    // Files may have 8 blocks and no more, which is as sudden as a full disk.
    const limited = spawnSync('sh', ['-c', `ulimit -f 8; exec "${process.execPath}" "${script}"`], { encoding: 'utf8' })
    expect(limited.stdout + limited.stderr).toMatch(/^(EFBIG|ENOSPC)$/)
    expect(files()).toEqual([])
  })
})

/** A program that has the file, and a store. */
function writer(source: string, body: string): string {
  const script = join(root, 'writer.mjs')
  const built = new URL('../../dist/index.js', import.meta.url).href
  writeFileSync(script, `
    import { readFileSync } from 'node:fs'
    import { fileCorpus, parseFailureFile } from ${JSON.stringify(built)}
    const file = parseFailureFile(readFileSync(${JSON.stringify(source)}, 'utf8'))
    const store = fileCorpus('.heddle', { root: ${JSON.stringify(root)} })
    ${body}
  `)
  return script
}

describe('two processes at once', () => {
  test('lose nothing and leave no temporary files', async () => {
    const { file } = explored(late(6)).failure as { file: FailureFile }
    rmSync(directory(), { recursive: true })
    const source = join(root, 'file.json')
    writeFileSync(source, JSON.stringify(file))
    const script = writer(source, `
      for (let i = 0; i < 40; i++) {
        // Every process writes its own failure and one that they all write.
        store.save({ ...file, failing: { ...file.failing, token: process.argv[2] + '-' + i } })
        store.save({ ...file, schedule: Number(process.argv[2]) * 1000 + i, failing: { ...file.failing, token: 'common' } })
        for (const entry of store.load(file.name)) if (entry.file.failing.token.endsWith('-0')) store.drop(entry)
      }
    `)
    const codes = await Promise.all([1, 2].map((n) => new Promise((resolve) => fork(script, [String(n)]).on('exit', resolve))))
    expect(codes).toEqual([0, 0])
    expect(files().filter((f) => !f.endsWith('.json'))).toEqual([])
    const tokens = fileCorpus('.heddle', { root }).load(file.name).map((e) => e.file.failing.token)
    const expected = ['common', ...[1, 2].flatMap((n) => Array.from({ length: 39 }, (_, i) => `${n}-${i + 1}`))]
    expect(tokens.toSorted()).toEqual(expected.toSorted())
  })
})
