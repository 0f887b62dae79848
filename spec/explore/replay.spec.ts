import { describe, expect, test } from 'vitest'
import {
  check,
  choose,
  createTask,
  type Failure,
  gather,
  pause,
  ReplayMismatchError,
  replay,
  type ScenarioBody,
  sleep,
} from '../../src/index.ts'
import { roundtrip, roundtripSync } from '../support/roundtrip.ts'

/** Two workers; each of their steps has a label of its own. Fails in every order, so that any change is seen. */
function* worker(labels: readonly string[]) {
  for (const label of labels) yield* pause(label)
}

const program = (a: readonly string[], b: readonly string[], options?: { names?: readonly [string, string]; fails?: boolean }) =>
  function* () {
    const [first, second] = options?.names ?? ['a', 'b']
    const tasks = [createTask(worker(a), { name: first }), createTask(worker(b), { name: second })]
    yield* gather(tasks)
    if (options?.fails !== false) throw new Error('always')
  }

const A = ['a1', 'a2', 'a3']
const B = ['b1', 'b2', 'b3']

/*
 * FIFO: main, a, b start (steps 1–3); then each pause is two entries, the completion and the resumption. The failing
 * schedule is found by `fifo`, so nothing is minimised away and its steps are known: 4 is a1 completing, and so on.
 */
async function tokenOf(body: ScenarioBody): Promise<Failure> {
  const { failure } = await roundtrip(body, { strategy: 'fifo' })
  expect(failure.kind).toBe('error')
  return failure
}

async function mismatch(body: ScenarioBody, token: string): Promise<ReplayMismatchError> {
  const error = await replay(body, token).then(() => undefined, (e: unknown) => e)
  expect(error).toBeInstanceOf(ReplayMismatchError)
  return error as ReplayMismatchError
}

/** Where the traces of two failures part, by their own steps: what the mismatch must say. */
function firstDifference(before: Failure, after: Failure): number {
  const key = (f: Failure, i: number): string | undefined => {
    const s = f.trace.steps[i]
    return s && JSON.stringify([s.kind, s.task, s.label, s.choice?.options.length])
  }
  for (let i = 0; ; i++) {
    if (key(before, i) !== key(after, i)) return (after.trace.steps[i] ?? before.trace.steps[i])?.step as number
  }
}

describe('a token of a program that has changed names the first step that differs', () => {
  const CHANGES: [string, ScenarioBody][] = [
    ['a step added at the end of a task', program([...A, 'a4'], B)],
    ['a step added at the beginning', program(['a0', ...A], B)],
    ['a step removed', program(['a1', 'a3'], B)],
    ['all steps of a task removed', program(A, [])],
    ['a label changed', program(['a1', 'changed', 'a3'], B)],
    ['the last label changed', program(A, ['b1', 'b2', 'changed'])],
    ['the tasks in another order', program(B, A, { names: ['b', 'a'] })],
    ['another task name', program(A, B, { names: ['a', 'c'] })],
    ['one task more', function* () {
      const tasks = [A, B, ['c1']].map((labels, i) => createTask(worker(labels), { name: 'abc'[i] as string }))
      yield* gather(tasks)
      throw new Error('always')
    }],
    ['one task fewer', function* () {
      yield* gather([createTask(worker(A), { name: 'a' })])
      throw new Error('always')
    }],
    ['it ends early', function* () {
      throw new Error('always')
    }],
    ['it ends early, without the failure', function* () {}],
    ['it goes on longer', function* () {
      yield* gather([createTask(worker(A), { name: 'a' }), createTask(worker(B), { name: 'b' })])
      yield* sleep(0)
      throw new Error('always')
    }],
    ['a sleep where a pause was', function* () {
      const other = function* () {
        yield* pause('a1')
        yield* sleep(1)
        yield* pause('a3')
      }
      yield* gather([createTask(other(), { name: 'a' }), createTask(worker(B), { name: 'b' })])
      throw new Error('always')
    }],
    ['a value chosen', function* () {
      yield* gather([createTask(worker(A), { name: 'a' }), createTask(worker(B), { name: 'b' })])
      choose(2, 'coin')
      throw new Error('always')
    }],
  ]

  test.each(CHANGES)('%s', async (_, changed) => {
    const failure = await tokenOf(program(A, B))
    const error = await mismatch(changed, failure.token)
    expect(error.name).toBe('ReplayMismatchError')
    expect(error.message).toContain(`step ${error.step}`)
    // The changed program's own FIFO trace: both follow the same picks as far as they are the same.
    const after = (await check(changed, { strategy: 'fifo' })).failure
    if (after !== undefined) expect(error.step).toBe(firstDifference(failure, after))
    else expect(error.step).toBe(2)
  })

  test('fewer options than the pick of the token: there is no such option now', async () => {
    const three = (n: number) =>
      function* () {
        const k = choose(n, 'die')
        yield* sleep(0)
        if (k === n - 1) throw new Error('the last')
      }
    const { failure } = await roundtripSync(three(6), { strategy: 'exhaustive' })
    const error = await mismatch(three(3), failure.token)
    expect(error.step).toBe(2)
    expect(error.message).toMatch(/picks option 6.*3/)
  })

  test('more options than there were', async () => {
    const die = (n: number) =>
      function* () {
        choose(n, 'die')
        yield* sleep(0)
        throw new Error('always')
      }
    const { failure } = await roundtripSync(die(3), { strategy: 'fifo' })
    expect((await mismatch(die(4), failure.token)).step).toBe(2)
  })

  test('in a native program too', async () => {
    const body = (labels: readonly string[]) => async () => {
      for (const label of labels) await pause(label)
      throw new Error('always')
    }
    const { failure } = await roundtrip(body(A))
    const error = await mismatch(body(['a1', 'other', 'a3']), failure.token)
    const after = (await check(body(['a1', 'other', 'a3']))).failure as Failure
    expect(error.step).toBe(firstDifference(failure, after))
  })

  test('in a long run it names a step at or before the difference, and says how far it may be', async () => {
    const long = (at: number) =>
      function* () {
        for (let i = 0; i < 500; i++) yield* pause(i === at ? 'changed' : 'same')
        throw new Error('always')
      }
    const { failure } = await roundtripSync(long(-1))
    for (const at of [0, 100, 321, 499]) {
      const error = await mismatch(long(at), failure.token)
      const after = (await check(long(at))).failure as Failure
      const exact = firstDifference(failure, after)
      expect(error.step).toBeLessThanOrEqual(exact)
      expect(error.step).toBeGreaterThan(exact - 20)
      if (error.step !== exact) expect(error.message).toMatch(/or one of the \d+ after it/)
    }
  })

  test('every one of a hundred labels is noticed', async () => {
    // A mark is 8 bits: each change may hide in its own mark once in 256 times, and then shows in the next ones. The last
    // fingerprint is 32 bits, so that none hides for good.
    const labelled = (changed: number) =>
      function* () {
        for (let i = 0; i < 30; i++) yield* pause(i === changed ? `x${i}` : `l${i}`)
        throw new Error('always')
      }
    const { failure } = await roundtripSync(labelled(-1))
    let exact = 0
    for (let changed = 0; changed < 30; changed++) {
      const error = await mismatch(labelled(changed), failure.token)
      const after = (await check(labelled(changed))).failure as Failure
      const first = firstDifference(failure, after)
      expect(error.step).toBeGreaterThanOrEqual(first)
      if (error.step === first) exact++
    }
    // Expected misses: 30 / 256.
    expect(exact).toBeGreaterThanOrEqual(28)
  })
})

describe('replay', () => {
  const body = program(A, B)

  test('reports the failure of the body, and never throws it', async () => {
    const failure = await tokenOf(body)
    const report = await replay(body, failure.token)
    expect(report).toMatchObject({ schedules: 1, failures: 1, stopped: 'failure', strategy: 'replay', exhausted: false })
    expect(report.failure).toMatchObject({ kind: 'error', token: failure.token, schedule: 1, error: { message: 'always' } })
  })

  test('of a program that was mended without a change of its steps passes', async () => {
    const failure = await tokenOf(body)
    const report = await replay(program(A, B, { fails: false }), failure.token)
    expect(report).toMatchObject({ schedules: 1, failures: 0 })
    expect(report.failure).toBeUndefined()
  })

  test('takes what shapes a schedule from the token, not from the options', async () => {
    const spin = function* () {
      for (;;) yield* sleep(0)
    }
    const { failure } = await roundtripSync(spin, { maxSteps: 20 })
    expect((await replay(spin, failure.token)).failure?.kind).toBe('step-limit')
    expect((await replay(spin, failure.token, { maxSteps: 5 })).failure?.kind).toBe('step-limit')

    const io = async () => {
      const log: number[] = []
      await gather([1, 2].map((k) => async () => {
        await pause(`p${k}`)
        log.push(k)
      }))
      if (log[0] !== 1) throw new Error('the second came first')
    }
    const found = await roundtrip(io, { permute: 'io' })
    expect((await replay(io, found.failure.token, { permute: 'tasks' })).failures).toBe(1)
  })

  test('after a mismatch everything is closed, and the next exploration is unharmed', async () => {
    const failure = await tokenOf(body)
    let closed = 0
    const changed = async () => {
      try {
        await pause('other')
        await pause('another')
      } finally {
        closed++
      }
    }
    await mismatch(changed, failure.token)
    expect(closed).toBe(1)
    expect((await check(changed)).failures).toBe(0)
  })

  test('runs setup and what it returns', async () => {
    const failure = await tokenOf(body)
    const log: string[] = []
    const setup = () => {
      log.push('up')
      return () => {
        log.push('down')
      }
    }
    await replay(body, failure.token, { setup })
    await replay(program(A, []), failure.token, { setup }).catch(() => {})
    expect(log).toEqual(['up', 'down', 'up', 'down'])
  })
})
