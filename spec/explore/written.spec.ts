import { afterEach, describe, expect, test, vi } from 'vitest'
import { Corpus, type CorpusStore } from '../../src/explore/corpus.ts'
import type { ScheduleRecord } from '../../src/explore/failure-file.ts'
import { Following } from '../../src/explore/following.ts'
import { Reader } from '../../src/explore/json-reader.ts'
import { Recorder, StrategyError } from '../../src/explore/recorder.ts'
import { type AccessRecord, staleWriteIn } from '../../src/explore/stale-write.ts'
import { decodeToken, encodeToken, InvalidTokenError, markOf, marksOf, type Schedule, strideOf } from '../../src/explore/token.ts'
import type { TraceStep } from '../../src/explore/trace.ts'
import { NondeterminismError } from '../../src/strategies/exhaustive.ts'
import { Timers } from '../../src/strategies/dpor/timers.ts'
import { isPlot, Territory } from '../../src/strategies/shards/territory.ts'
import type { Strategy } from '../../src/strategies/strategy.ts'
import { handle, pointOf, values } from '../strategies/points.ts'

/** What is written down of schedules, and how it is read again. */

const schedule: Schedule = {
  name: 'pays twice ✓',
  shape: { permute: 'tasks', awaits: 'slow', leaks: 'error', maxSteps: 100_000, cancel: null, faults: 1, globals: undefined },
  picks: new Map([[0, 1], [3, 2], [130, 200]]),
  choices: 131,
  steps: 3,
  marks: Uint8Array.from([1, 2, 255]),
  fingerprint: 0xff00_1234,
}

describe('a token', () => {
  const shapes: Partial<Schedule['shape']>[] = [
    {},
    { permute: 'io' },
    { awaits: 'prompt' },
    { leaks: 'ignore' },
    { permute: 'io', awaits: 'prompt', leaks: 'ignore' },
    { maxSteps: Number.POSITIVE_INFINITY },
    { maxSteps: 1 },
    { cancel: true },
    { cancel: ['Task-1'] },
    { cancel: ['a', 'b', 'ü'] },
    { faults: 0 },
    { faults: 300, cancel: true },
    { globals: null },
    { globals: {} },
    { globals: { timers: false } },
    { globals: { clock: false, channels: false } },
    { globals: { random: false }, faults: 2, cancel: ['x'] },
  ]
  test.each(shapes.map((shape) => ({ shape })))('gives $shape back, and no other token does', ({ shape }) => {
    const s = { ...schedule, shape: { ...schedule.shape, ...shape } }
    const token = encodeToken(s)
    expect(decodeToken(token)).toEqual(s)
    expect(token).toMatch(/^h1\.[A-Za-z0-9_-]+$/)
    expect(shapes.filter((other) => encodeToken({ ...schedule, shape: { ...schedule.shape, ...other } }) === token)).toEqual([shape])
  })

  test('gives what is left of it back', () => {
    const unfinished = { ...schedule, steps: 0, marks: new Uint8Array(), unfinished: true }
    expect(decodeToken(encodeToken(unfinished))).toEqual(unfinished)
    const empty = { ...schedule, name: '', picks: new Map<number, number>(), choices: 0, steps: 0, marks: new Uint8Array(), fingerprint: 0 }
    expect(decodeToken(encodeToken(empty))).toEqual(empty)
    const large = { ...schedule, picks: new Map([[2 ** 40, 127], [2 ** 40 + 1, 128]]), choices: Number.MAX_SAFE_INTEGER }
    expect(decodeToken(encodeToken(large))).toEqual(large)
    const long = { ...schedule, steps: 6400, marks: Uint8Array.from({ length: 64 }, (_, i) => 3 * i) }
    expect(decodeToken(encodeToken(long))).toEqual(long)
    // Picks are written in the order of their places.
    expect(encodeToken({ ...schedule, picks: new Map([...schedule.picks].toReversed()) })).toBe(encodeToken(schedule))
  })

  test('that is damaged is none, wherever a character was changed, lost or doubled', () => {
    const token = encodeToken(schedule)
    for (let i = 3; i < token.length; i++) {
      const other = token[i] === 'A' ? 'B' : 'A'
      for (const damaged of [token.slice(0, i) + other + token.slice(i + 1), token.slice(0, i) + token.slice(i + 1), token.slice(0, i) + token.slice(i - 1)]) {
        if (damaged !== token) expect(() => decodeToken(damaged)).toThrow(InvalidTokenError)
      }
    }
  })

  test.each([
    ['', `it does not begin with 'h1.'`],
    ['h2.AAAA', `it does not begin with 'h1.'`],
    ['h1.AAAA', 'it is too short'],
    ['h1.AAAAAAAAAA', 'it is too short'],
    ['h1.AAAAAAAAAAA', 'its checksum does not match'],
    ['h1.AAAAAAAAA', 'it has characters that no token has'],
    ['h1.AAAA AAAAAAA', 'it has characters that no token has'],
    ['h1.AAAAAAAAAAA=', 'it has characters that no token has'],
  ])('%j: %s', (token, why) => {
    expect(() => decodeToken(token)).toThrow(`this is not a valid replay token: ${why}. Copy the whole token, as it was printed; it begins with 'h1.'.`)
  })

  test('has 64 marks at most: after so many steps each, the high byte of a fingerprint', () => {
    expect([0, 1, 64, 65, 128, 129, 6400].map(strideOf)).toEqual([1, 1, 1, 2, 2, 3, 100])
    expect(markOf(0xab12_3456)).toBe(0xab)
    const prints = Array.from({ length: 65 }, (_, i) => (i << 24) >>> 0)
    expect([...marksOf(prints)]).toEqual(Array.from({ length: 32 }, (_, i) => 2 * i + 1))
    expect([...marksOf(prints.slice(0, 3))]).toEqual([0, 1, 2])
    expect([...marksOf([])]).toEqual([])
  })
})

describe('a schedule that was kept is followed', () => {
  const step = (n: number, task: string, label: string, choice?: TraceStep['choice']): TraceStep => ({ step: n, time: 0, kind: 'handle', task, lane: n, label, choice, preemption: false })
  const choice = (pick: number, ...options: string[]): TraceStep['choice'] => ({ pick, count: options.length, options })
  const kept: ScheduleRecord = {
    // No token: its picks are those of the steps.
    token: 'gone',
    steps: [step(1, 'main', 'start'), step(2, 'b', 'y', choice(1, 'a x', 'b y')), step(3, 'a', 'x'), step(4, 'c', 'z', choice(1, 'b w', 'c z')), step(5, 'b', 'w')],
    values: [],
    wakes: undefined,
  }
  const of = (task: string, label: string) => handle(task.charCodeAt(0), { task, label })
  const loop = { time: () => 0 }
  const run = (f: Following, ...options: ReturnType<typeof of>[]): string => {
    const option = options.length === 1 ? options[0] : options[f.choose(pointOf(options))]
    if (option === undefined) return '?'
    f.step(option, loop)
    return `${option.task}`
  }

  test('pick by pick, while every step is the one that was written', () => {
    const f = new Following(kept)
    const ran = [run(f, of('main', 'start')), run(f, of('a', 'x'), of('b', 'y')), run(f, of('a', 'x')), run(f, of('b', 'w'), of('c', 'z'))]
    expect([ran, f.followed, f.differs, f.fellShort, f.length]).toEqual([['main', 'b', 'a', 'c'], 4, null, true, 5])
    run(f, of('b', 'w'))
    expect([f.followed, f.differs, f.fellShort]).toEqual([5, null, false])
  })

  test('from the first that differs on by labels: what came first then comes first now', () => {
    const f = new Following(kept)
    run(f, of('main', 'start'))
    // A third option: it is not the choice that was written.
    expect(run(f, of('a', 'x'), of('new', 'n'), of('b', 'y'))).toBe('b')
    expect(f.differs).toBe(2)
    expect(run(f, of('new', 'n'), of('b', 'w'), of('c', 'z'))).toBe('c')
    expect(run(f, of('new', 'n'), of('b', 'w'), of('a', 'x'))).toBe('a')
    expect(run(f, of('new', 'n'), of('other', 'o'))).toBe('new')
    expect([f.followed, f.fellShort]).toEqual([4, false])
  })

  test('an option by another name is another choice, and a forced step by another name is another program', () => {
    const f = new Following(kept)
    run(f, of('main', 'start'))
    expect(run(f, of('a', 'x'), of('b', 'renamed'))).toBe('a')
    expect(f.differs).toBe(2)
    const g = new Following(kept)
    run(g, of('main', 'begin'))
    expect([g.differs, g.followed]).toEqual([2, 0])
  })

  test('values are told apart by what was picked', () => {
    const value: TraceStep = { ...step(2, 'x', 'letter', { pick: 2, count: 3, options: ['letter', 'letter', 'letter'] }), kind: 'value', task: undefined }
    const f = new Following({ ...kept, steps: [step(1, 'main', 'start'), value] })
    run(f, of('main', 'changed'))
    const letters = { ...values(3), options: values(3).options.map((o) => ({ ...o, label: 'letter' })) }
    expect(f.choose({ ...letters, optionAt: (k) => letters.options[k] as never })).toBe(2)
    expect(f.followed).toBe(1)
  })
})

describe('a broken atomic section', () => {
  const access = (kind: 'read' | 'write', lane: number, line: number, object = 1): AccessRecord => ({ object, kind, name: 'balance', at: { file: 'f.ts', line, column: 1 }, task: `Task-${lane}`, strand: { lane } })
  const linesOf = (...all: AccessRecord[]): (number | undefined)[] | undefined => {
    const found = staleWriteIn(all)
    return found && [found.read.at.line, found.between.at.line, found.written.at.line]
  }

  test('is a read, a write of another lane, and a write of the first that has not read again', () => {
    expect(linesOf(access('read', 1, 1), access('read', 2, 2), access('write', 1, 3), access('write', 2, 4))).toEqual([2, 3, 4])
    expect(linesOf(access('read', 1, 1), access('write', 2, 2), access('write', 2, 3), access('write', 1, 4))).toEqual([1, 2, 4])
    expect(staleWriteIn([access('read', 1, 1), access('write', 2, 2), access('write', 1, 3)])).toMatchObject({ name: 'balance', read: { lane: 1, task: 'Task-1' }, between: { lane: 2 }, written: { lane: 1 } })
  })

  test('is none where it has read again, where nobody wrote between, of different things, or what it wrote itself', () => {
    expect(linesOf(access('read', 1, 1), access('write', 2, 2), access('read', 1, 3), access('write', 1, 4))).toBeUndefined()
    expect(linesOf(access('read', 1, 1), access('read', 2, 2), access('write', 1, 3))).toBeUndefined()
    expect(linesOf(access('read', 1, 1), access('write', 2, 2, 2), access('write', 1, 3))).toBeUndefined()
    expect(linesOf(access('read', 1, 1), access('write', 1, 2), access('write', 2, 3), access('write', 1, 4))).toBeUndefined()
    expect(linesOf(access('write', 1, 1), access('write', 2, 2))).toBeUndefined()
  })
})

describe('the corpus never costs a test', () => {
  afterEach(() => vi.restoreAllMocks())

  test('what its store throws is a line of warning', () => {
    const warned: unknown[] = []
    vi.spyOn(console, 'warn').mockImplementation((line) => warned.push(line))
    const fails = (why: unknown) => () => {
      throw why
    }
    const corpus = new Corpus({ load: fails(new Error('no disk')), save: fails('full'), drop: fails(new RangeError('x')) } as CorpusStore, 'name')
    expect([corpus.load(), corpus.save({} as never), corpus.drop({} as never)]).toEqual([[], undefined, undefined])
    expect(corpus.report()).toEqual({
      rerun: 0,
      failed: 0,
      dropped: 0,
      notes: [
        'the corpus could not be read, and the test goes on without: no disk',
        'the corpus could not be written, and the test goes on without: full',
        'the corpus could not be cleared, and the test goes on without: x',
      ],
    })
    expect(warned).toEqual(corpus.notes.map((n) => `heddle: ${n}`))
  })

  test('it asks by name, and passes on what is there', () => {
    const entries = [{ id: 'a', file: {} }]
    const asked: unknown[] = []
    const corpus = new Corpus({ load: (name: string) => (asked.push(name), entries), save: () => 'id', drop: (e: { id: string }) => asked.push(e.id) } as unknown as CorpusStore, 'name')
    expect(corpus.load()).toEqual(entries)
    expect(corpus.save({} as never)).toBe('id')
    corpus.drop(entries[0] as never)
    expect([asked, corpus.notes]).toEqual([['name', 'a'], []])
  })
})

describe('a failure file is read field by field', () => {
  const file = new Reader({ a: 1, t: 'x', deep: { list: [1, 'two'] }, yes: true, none: null, long: 'y'.repeat(60) }, '')
  test.each<[string, (r: Reader) => unknown, string]>([
    ['missing', (r) => r.at('b'), `'b' is missing`],
    ['missing below', (r) => r.at('deep').at('b'), `'deep.b' is missing`],
    ['from a prototype', (r) => r.at('toString'), `'toString' is missing`],
    ['text', (r) => r.at('a').text(), `'a' must be a text, and is 1`],
    ['flag', (r) => r.at('t').flag(), `'t' must be true or false, and is "x"`],
    ['number', (r) => r.at('yes').number(), `'yes' must be a number, and is true`],
    ['whole', () => new Reader({ n: 1.5 }, '').at('n').whole(), `'n' must be a whole number, and is 1.5`],
    ['negative', () => new Reader({ n: -1 }, '').at('n').whole(), `'n' must be a whole number, and is -1`],
    ['index', (r) => r.at('a').index(1), `'a' must be below 1, and is 1`],
    ['one of', (r) => r.at('t').oneOf(['y', 'z']), `'t' must be one of y, z, and is "x"`],
    ['list', (r) => r.at('deep').list(() => 0), `'deep' must be a list, and is an object`],
    ['in a list', (r) => r.at('deep').at('list').list((x) => x.number()), `'deep.list[1]' must be a number, and is "two"`],
    ['object', (r) => r.at('deep').at('list').optional('x'), `'deep.list' must be an object, and is a list of 2`],
    ['null', (r) => r.at('none').optional('x'), `'none' must be an object, and is null`],
    ['long', (r) => r.at('long').flag(), `'long' must be true or false, and is "${'y'.repeat(38)}…`],
    ['the whole', () => new Reader(7, '').optional('x'), 'it must be an object, and is 7'],
  ])('%s', (_, read, words) => {
    expect(() => read(file)).toThrow(`this is not a valid failure file: ${words}. Restore it from version control, or delete it and explore again.`)
  })

  test('what is there is given', () => {
    expect([file.at('a').whole(), file.at('a').index(2), file.at('t').text(), file.at('yes').flag(), file.at('t').oneOf(['z', 'x'])]).toEqual([1, 1, 'x', true, 'x'])
    expect([file.optional('gone'), file.at('deep').at('list').list((x) => x.raw)]).toEqual([undefined, [1, 'two']])
    expect(new Reader({ n: 0 }, '').at('n').whole()).toBe(0)
  })
})

describe('what a strategy does is checked', () => {
  const made = (more: Partial<Strategy>): Recorder => new Recorder({ name: 'mine', begin: () => true, pick: () => 0, ...more })
  const fails = () => {
    throw new RangeError('oops')
  }

  test('what it throws names it and the method', () => {
    expect(() => made({ begin: fails }).begin({ schedule: 1, seed: 0 })).toThrow('strategy mine failed in begin(): RangeError: oops')
    expect(() => made({ pick: fails }).choose(values(2))).toThrow('strategy mine failed in pick(): RangeError: oops')
    expect(() => made({ end: fails }).end({ failed: false, steps: 1 })).toThrow(StrategyError)
    const other = new NondeterminismError(1, 2, 3)
    expect(() =>
      made({
        pick: () => {
          throw other
        },
      }).choose(values(2)),
    ).toThrow(other)
  })

  test.each([2, -1, 0.5, Number.NaN, '1', undefined])('a pick of %s of two is none', (k) => {
    expect(() => made({ pick: () => k as number }).choose(values(2))).toThrow(`strategy mine picked ${String(k)} of 2 options`)
  })

  test('its picks are remembered until the next schedule', () => {
    const wanted = [1, 0, 2]
    const recorder = made({ pickOf: (count) => Math.min(wanted.shift() ?? 0, count - 1), watches: true })
    for (const n of [2, 3, 3]) recorder.choose(values(n))
    expect(recorder.choices()).toEqual({ counts: [2, 3, 3], picks: [1, 0, 2] })
    expect([...recorder.picks()]).toEqual([[0, 1], [2, 2]])
    expect([recorder.observer, made({}).observer]).toEqual([recorder, null])
    recorder.begin({ schedule: 2, seed: 0 })
    expect([recorder.count, recorder.choices(), recorder.picks().size]).toEqual([0, { counts: [], picks: [] }, 0])
  })
})

describe('shares of a tree', () => {
  test('each plot has one owner, every shard some, and what is below a plot is its owner’s', () => {
    for (const count of [1, 2, 3, 5]) {
      const shards = Array.from({ length: count }, (_, i) => new Territory({ index: i + 1, count }, 16))
      const all = shards[0]?.all ?? { low: 0, high: 0 }
      expect(all).toEqual({ low: 0, high: 16 * count })
      const owned = shards.map(() => 0)
      for (let plot = 0; plot < all.high; plot++) {
        const owners = shards.flatMap((s, i) => (s.owns({ low: plot, high: plot + 1 }) ? [i] : []))
        expect(owners.length).toBe(1)
        owned[owners[0] as number] = (owned[owners[0] as number] as number) + 1
        expect(shards.map((s) => s.reaches({ low: plot, high: plot + 1 }))).toEqual(shards.map((s) => s.owns({ low: plot, high: plot + 1 })))
      }
      expect(Math.min(...owned)).toBeGreaterThanOrEqual(14)
      expect(shards.every((s) => s.reaches(all))).toBe(true)
    }
  })

  test('a range is split evenly among the options; more options than plots share them', () => {
    const territory = new Territory({ index: 1, count: 2 }, 5)
    const split = (range: { low: number; high: number }, count: number): string[] =>
      Array.from({ length: count }, (_, k) => territory.behind(range, k, count)).map(({ low, high }) => `${low}-${high}`)
    expect(split({ low: 0, high: 10 }, 3)).toEqual(['0-3', '3-6', '6-10'])
    expect(split({ low: 4, high: 6 }, 2)).toEqual(['4-5', '5-6'])
    expect(split({ low: 4, high: 6 }, 5)).toEqual(['4-5', '5-6', '4-5', '5-6', '4-5'])
    expect(split({ low: 3, high: 4 }, 2)).toEqual(['3-4', '3-4'])
    expect([isPlot({ low: 3, high: 4 }), isPlot({ low: 3, high: 5 })]).toEqual([true, false])
  })
})

test('timers without a step: what would still be there for the clock to move to', () => {
  const timers = new Timers()
  const [a, b] = [{}, {}]
  expect([timers.any, timers.fire(a, 1), timers.anyWithout(1, 9, () => false)]).toEqual([false, -1, false])
  timers.arm(a, 3)
  timers.arm(b, [4, 5])
  const only = (...steps: number[]) => (step: number): boolean => steps.includes(step)
  expect([timers.any, timers.anyWithout(2, 9, only(3)), timers.anyWithout(2, 9, only(3, 4)), timers.anyWithout(2, 9, only())]).toEqual([true, true, false, true])
  // Fired before the move, it was not there; fired with it, it was.
  expect(timers.fire(a, 7)).toBe(3)
  expect([timers.anyWithout(2, 8, only(4)), timers.anyWithout(2, 7, only(4)), timers.anyWithout(2, 7, only(3, 4))]).toEqual([false, true, false])
  expect(timers.fire(b, 20)).toEqual([4, 5])
  // Cancelled by the step in question, or after and because of it, it would still be there.
  timers.cancel(a, 2)
  expect([timers.anyWithout(2, 7, only(4)), timers.anyWithout(1, 7, only(4)), timers.anyWithout(1, 7, only(2, 4)), timers.anyWithout(6, 7, only(2, 4))]).toEqual([true, false, true, false])
  timers.restart()
  expect(timers.any).toBe(false)
})
