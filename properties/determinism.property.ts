import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { check, checkSync, replay, runSync, type StrategyName } from '../src/index.ts'
import { portrait } from '../spec/support/roundtrip.ts'
import { asGenerators, asNative, FRONT_ENDS, type Memory, type Op, type Program, programs } from './programs.ts'
import { SEED } from './seed.ts'

/*
 * Budget. What these properties guard against is a source of randomness that reaches the schedule: it would show in each
 * run that has a choice after it. Most random programs have one (fewer than one in five have none), so that 100 programs
 * miss such a fault with a probability below 0.2^100. The budget is there for faults of rare combinations instead (a
 * cancellation that meets a due timer in a gather): a combination that one program in a hundred has is missed by 100 of
 * them with a probability of 0.99^100 = 37 %, and by the four properties of both front ends, which draw anew, with
 * 0.99^400 < 2 %. `npm run soak` draws a million.
 */
const RUNS = 100
const SMALL = { maxOps: 4, maxTasks: 3 }
const LIMITS = { schedules: 30, maxSteps: 2000 } as const

const strategies = fc.constantFrom<StrategyName>('random', 'fifo', 'exhaustive', 'auto', 'pct', 'pos')
const permutes = fc.constantFrom('tasks' as const, 'io' as const)

// A plain run tells of the exceptions that nobody retrieves on the console, as asyncio does.
beforeAll(() => {
  vi.spyOn(console, 'error').mockImplementation(() => {})
})
afterAll(() => {
  vi.restoreAllMocks()
})

describe.each(Object.entries(FRONT_ENDS))('%s', (_, interpret) => {
  test('the same exploration twice is the same, byte for byte', async () => {
    await fc.assert(
      fc.asyncProperty(programs(SMALL), strategies, permutes, fc.nat(), async (program, strategy, permute, seed) => {
        const memory: Memory = { log: [] }
        const body = interpret(program, memory)
        const logs: string[][] = [[], []]
        const runs = []
        for (const log of logs) {
          const setup = () => () => {
            log.push(memory.log.join('\n'))
          }
          const { elapsed: _elapsed, failure, ...counts } = await check(body, { ...LIMITS, strategy, permute, seed, setup })
          runs.push({ counts, token: failure?.token, first: failure?.firstToken, words: failure && String(failure), portrait: failure && portrait(failure) })
        }
        expect(runs[1]).toEqual(runs[0])
        expect(logs[1]).toEqual(logs[0])
      }),
      { numRuns: RUNS, seed: SEED },
    )
  })

  test('every failure replays from its tokens, to the same error and trace', async () => {
    let failures = 0
    await fc.assert(
      fc.asyncProperty(programs(SMALL), strategies, permutes, fc.nat(), async (program, strategy, permute, seed) => {
        const memory: Memory = { log: [] }
        const body = interpret(program, memory)
        const { failure } = await check(body, { ...LIMITS, strategy, permute, seed })
        if (failure === undefined) return
        failures++
        expect(failure.kind).not.toBe('nondeterminism')
        const again = (await replay(body, failure.token)).failure
        expect(again && portrait(again)).toEqual(portrait(failure))
        const [first, second] = [await replay(body, failure.firstToken), await replay(body, failure.firstToken)]
        expect(first.failure?.kind).toBe(failure.kind)
        expect(second.failure && portrait(second.failure)).toEqual(first.failure && portrait(first.failure))
      }),
      { numRuns: RUNS, seed: SEED },
    )
    // The property is about failures: there must have been many.
    expect(failures).toBeGreaterThan(RUNS / 10)
  })
})

/** What the program did until its main task ended: what comes after is the shutdown's. */
function untilEnd(memory: Memory): string[] {
  const end = memory.log.indexOf('end')
  return end < 0 ? memory.log : memory.log.slice(0, end + 1)
}

test('0 is FIFO: a strategy that always picks it gives the order of a run without any', () => {
  fc.assert(
    fc.property(programs(SMALL), permutes, (program, permute) => {
      const plain: Memory = { log: [] }
      try {
        runSync(asGenerators(program, plain))
      } catch {
        // What it throws is in no log; what it did before is.
      }
      const picked: Memory = { log: [] }
      let log: string[] = []
      checkSync(asGenerators(program, picked), {
        permute,
        maxSteps: 5000,
        strategy: { name: 'zero', begin: ({ schedule }) => schedule === 1, pick: () => 0 },
        setup: () => () => {
          if (log.length === 0) log = untilEnd(picked)
        },
      })
      expect(log).toEqual(untilEnd(plain))
    }),
    { numRuns: 300, seed: SEED },
  )
})

test('both front ends make the same schedules of the same choices', async () => {
  await fc.assert(
    fc.asyncProperty(programs(SMALL), fc.constantFrom<StrategyName>('random', 'exhaustive'), permutes, fc.nat(), async (program, strategy, permute, seed) => {
      const seen = []
      for (const interpret of [asGenerators, asNative]) {
        const memory: Memory = { log: [] }
        const logs: string[] = []
        const setup = () => () => {
          logs.push(untilEnd(memory).join('\n'))
        }
        const { schedules, failures, choicePoints } = await check(interpret(program, memory), {
          ...LIMITS,
          strategy,
          permute,
          seed,
          bail: false,
          setup,
        })
        seen.push({ schedules, failures, choicePoints, first: logs[0] })
      }
      expect(seen[1]).toEqual(seen[0])
    }),
    { numRuns: RUNS, seed: SEED },
  )
})

test('no choice is empty: two schedules of an exhaustive exploration never do the same', () => {
  // Every step of these programs writes to the log. A retrieved exception and the like are no matter here.
  const counts: number[] = []
  fc.assert(
    fc.property(programs({ maxOps: 3, maxTasks: 2, without: ['throw', 'cancel', 'join', 'take'] }), (program) => {
      const memory: Memory = { log: [] }
      const seen = new Map<string, number>()
      let n = 0
      const report = checkSync(asGenerators(logging(program), memory), {
        strategy: 'exhaustive',
        bail: false,
        schedules: 400,
        leaks: 'ignore',
        setup: () => () => {
          n++
          const log = untilEnd(memory).join('\n')
          if (!seen.has(log)) seen.set(log, n)
        },
      })
      counts.push(report.schedules)
      if (report.failures === 0) expect(seen.size).toBe(report.schedules)
    }),
    // A quarter of these programs have more than a few schedules: 100 of 400, and no more than 50 with a probability below 0.01 %.
    { numRuns: 400, seed: SEED },
  )
  expect(counts.filter((c) => c > 5).length).toBeGreaterThan(50)
})

/** An operation's end is in the log as well as its beginning: each step then writes something. */
function logging(program: Program): Program {
  return program.flatMap((op): Op[] => {
    if (op.op === 'gather') return [{ ...op, tasks: op.tasks.map(logging) }, { op: 'choose' as const, n: 1 }]
    if (op.op === 'spawn') return [{ ...op, task: logging(op.task) }]
    if (op.op === 'catch') return [{ ...op, body: logging(op.body) }]
    return [op, { op: 'choose' as const, n: 1 }]
  })
}
