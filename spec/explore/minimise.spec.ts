import { describe, expect, test } from 'vitest'
import { check, checkSync, choose, createTask, gather, io, pause, replay, type ScenarioBody, shared, sleep, type Trace } from '../../src/index.ts'
import { roundtrip, roundtripSync } from '../support/roundtrip.ts'
import { two as twoIncrements } from './bodies.ts'

function switchesIn(trace: Trace): number {
  return trace.steps.filter((s) => s.preemption).length
}

/** Task A takes k steps, B one; the bug is B between A's steps k - 1 and k (and nowhere else). */
const lateWindow = (k: number) =>
  function* () {
    let at = 0
    let seen = -1
    const a = function* () {
      for (at = 0; at < k; at++) yield* sleep(0)
    }
    const b = function* () {
      yield* sleep(0)
      seen = at
    }
    yield* gather([a(), b()])
    if (seen === k - 1) throw new Error('in the window')
  }

/** Of the first two values the second has to go before the first can. */
const valuesThatHoldEachOther = function* () {
  const [a, b, c] = [choose(2, 'a'), choose(2, 'b'), choose(2, 'c')]
  yield* sleep(0)
  if (c === 1 && (b === 0 || a === 1)) throw new Error('c')
}

/** B must come first, though A was made first: one step of A's is enough to hide it. */
const reorder = function* () {
  let ready = false
  let used = false
  const use = function* () {
    yield* sleep(0)
    used = ready
  }
  const prepare = function* () {
    ready = true
  }
  yield* gather([prepare(), use()])
  if (!used) throw new Error('used before it was ready')
}

const lostUpdate: Record<string, ScenarioBody> = {
  'generators, sleep(0)': twoIncrements(),
  'generators, shared': function* () {
    const n = shared(0)
    function* increment() {
      yield* n.write((yield* n.read()) + 1)
    }
    yield* gather([increment(), increment()])
    if (n.value !== 2) throw new Error('lost update')
  },
  'native, pause': async () => {
    let n = 0
    const increment = async () => {
      const before = n
      await pause()
      n = before + 1
    }
    await gather([() => increment(), () => increment()])
    if (n !== 2) throw new Error('lost update')
  },
}

describe('known programs come out at their known number of preemptions', () => {
  test.each(Object.entries(lostUpdate))('the lost update at one: %s', async (_, body) => {
    for (const strategy of ['random', 'exhaustive', 'auto'] as const) {
      for (const seed of [1, 2, 3]) {
        const { failure } = await roundtrip(body, { strategy, seed })
        expect(failure.switches).toBe(1)
        expect(switchesIn(failure.trace)).toBe(1)
      }
    }
  })

  test('reorder at one', async () => {
    for (const seed of [1, 2, 3]) {
      const { failure } = await roundtripSync(reorder, { strategy: 'random', seed })
      // `use` first, both of its steps, then `prepare`: nothing that could go on is left before the end, except where the
      // main task's second child starts. It needs one switch at most, and none if the lanes of both are new.
      expect(failure.switches).toBeLessThanOrEqual(1)
    }
  })

  test('reorder among tasks that are under way at one', async () => {
    const body = function* () {
      let ready = false
      let used = false
      const prepare = function* () {
        yield* sleep(0)
        yield* sleep(0)
        ready = true
      }
      const use = function* () {
        yield* sleep(0)
        used = ready
      }
      const first = createTask(prepare())
      yield* sleep(0)
      yield* gather([first, use()])
      if (!used && !ready) throw new Error('unreachable')
      if (!used) throw new Error('used before it was ready')
    }
    const { failure } = await roundtripSync(body, { strategy: 'random' })
    expect(failure.switches).toBeLessThanOrEqual(1)
  })

  test('the late window of k = 8 at one', async () => {
    // A uniform walk meets the window with a probability of some 1 / 2^8 at each place: 20,000 schedules miss it with
    // probability (1 - 2^-9)^20000 < 1e-16.
    for (const seed of [1, 2, 3, 4, 5]) {
      const { failure } = await roundtripSync(lateWindow(8), { strategy: 'random', seed, schedules: 20_000 })
      expect(failure.switches).toBe(1)
    }
  })

  test('no exhaustive search of the window finds fewer than one', () => {
    // Where no lane is left that could go on, B comes before all of A or after it: both are outside the window.
    const body = lateWindow(4)
    const seen: number[] = []
    const report = checkSync(body, { strategy: 'exhaustive', bail: false })
    seen.push(report.failure?.switches ?? -1)
    expect(report.exhausted).toBe(true)
    expect(seen).toEqual([1])
  })

  test('turns taken strictly in order at three', async () => {
    const body = function* () {
      let turn = 0
      const a = function* () {
        for (let i = 0; i < 3; i++) {
          if (turn === 2 * i) turn++
          yield* sleep(0)
        }
      }
      const b = function* () {
        for (let i = 0; i < 2; i++) {
          if (turn === 2 * i + 1) turn++
          yield* sleep(0)
        }
      }
      yield* gather([a(), b()])
      // A0 B0 A1 B1 A2: the lanes change four times; before the last time B may end, and then leaving it is no switch.
      if (turn === 5) throw new Error('all turns')
    }
    const { failure } = await roundtripSync(body, { strategy: 'random', schedules: 20_000 })
    expect(failure.switches).toBe(3)
  })
})

describe('picks', () => {
  test('that do not matter are taken away', async () => {
    const body = function* () {
      const a = choose(10, 'a')
      const b = choose(10, 'b')
      const c = choose(10, 'c')
      yield* sleep(0)
      if (b === 7) throw new Error(`${a}${c}`)
    }
    const { failure } = await roundtripSync(body, { strategy: 'random' })
    const values = failure.trace.steps.filter((s) => s.kind === 'value').map((s) => s.choice?.pick)
    expect(values).toEqual([0, 7, 0])
    expect((failure.error as Error).message).toBe('00')
  })

  test('may be more where the switches are fewer: those come first', async () => {
    const { failure } = await roundtripSync(function* () {
      yield* gather([sleep(0), sleep(0), sleep(0)])
      throw new Error('always')
    }, { strategy: 'random' })
    // FIFO itself goes round the three tasks, and so leaves each of them while it could go on.
    expect(failure.switches).toBe(0)
  })
})

describe('minimising', () => {
  test('keeps to the kind and the class of the failure that was found', async () => {
    const body = function* () {
      const k = choose(4)
      yield* sleep(0)
      if (k === 1) throw new RangeError('cheap')
      if (k === 3) throw new TypeError('dear')
    }
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { failure } = await roundtripSync(body, { strategy: 'random', seed })
      const replayedFirst = failure.trace.steps.find((s) => s.kind === 'value')?.choice?.pick
      expect(replayedFirst).toBe(failure.error instanceof RangeError ? 1 : 3)
    }
  })

  test('ends within its budget on a large program, and says the schedule that it has', async () => {
    let runs = 0
    const { failure } = await roundtripSync(function* () {
      runs++
      let sum = 0
      const log: number[] = []
      yield* gather(Array.from({ length: 10 }, (_, k) => (function* () {
        for (let i = 0; i < 10; i++) {
          yield* sleep(0)
          log.push(k)
          sum += k * log.length
        }
      })()))
      if (sum % 3 === 0) throw new Error('divisible')
    }, { strategy: 'random' })
    expect(failure.kind).toBe('error')
    // 1,400 runs are what minimising may take; the rest are the neighbours', and three replays of two tokens.
    expect(runs).toBeGreaterThan(100)
    expect(runs).toBeLessThan(2000)
  })

  test('the count of switches is that of the trace', async () => {
    const report = await check(lostUpdate['native, pause'] as ScenarioBody, { strategy: 'random', bail: false, schedules: 50 })
    expect(report.failure?.switches).toBe(switchesIn(report.failure?.trace as Trace))
  })
})

describe('faults', () => {
  const program = (matters: boolean) => async () => {
    let stored = 0
    const store = io(async (n: number) => void (stored += n), { label: (n) => `store ${n}`, faults: true })
    const log: string[] = []
    const one = async () => {
      await store(1).catch(() => log.push('one failed'))
      log.push('one')
    }
    const two = async () => {
      await store(2).catch(() => log.push('two failed'))
      log.push('two')
    }
    await gather([() => one(), () => two()])
    if (matters ? log.includes('two failed') && stored === 1 : log.at(-1) === 'one') throw new Error('look')
  }
  const faultsIn = (trace: Trace): number => trace.steps.filter((s) => s.kind === 'value' && s.choice?.pick !== 0).length

  test('that do not matter are taken away', async () => {
    // Schedules without bail: the first failure of many seeds has a fault in it often enough.
    let withFaults = 0
    for (let seed = 1; seed <= 12; seed++) {
      const { failure } = await roundtrip(program(false), { strategy: 'random', seed, faults: { max: 2 } })
      expect(faultsIn(failure.trace)).toBe(0)
      const first = await replay(program(false), failure.firstToken)
      if (faultsIn(first.failure?.trace as Trace) > 0) withFaults++
    }
    expect(withFaults).toBeGreaterThan(0)
  })

  test('that matter stay, and no others', async () => {
    for (let seed = 1; seed <= 5; seed++) {
      const { failure } = await roundtrip(program(true), { strategy: 'random', seed, faults: { max: 2 } })
      expect(faultsIn(failure.trace)).toBe(1)
    }
  })
})

test('no value is left that could be taken away once others are', () => {
  // All three are 1 at first; without b, a is needed no more.
  const { failure } = checkSync(valuesThatHoldEachOther, { strategy: { name: 'ones', begin: () => true, pick: () => 1 } })
  expect(failure?.trace.steps.flatMap((s) => (s.kind === 'value' ? [[s.label, s.choice?.pick]] : []))).toEqual([['a', 0], ['b', 0], ['c', 1]])
})
