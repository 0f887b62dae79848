import * as fc from 'fast-check'
import { describe, test } from 'vitest'
import {
  CancelledError,
  type Coroutine,
  createTask,
  Future,
  gather,
  type GeneratorBody,
  getRunningLoop,
  shield,
  sleep,
  type Task,
  TaskGroup,
  TimeoutError,
  waitFor,
} from '../src/index.ts'
import { assertCatches, assertHolds, assertInEveryOrder, claim } from './in-any-order.ts'

/** What a child does: so many turns, then its number or an error. */
interface Child {
  readonly turns: number
  readonly fails: boolean
}

const child: fc.Arbitrary<Child> = fc.record({ turns: fc.nat(3), fails: fc.boolean() })
const children = fc.array(child, { minLength: 1, maxLength: 5 })

class ChildError extends Error {}

interface Journal {
  /** Who ended, in time. */
  readonly ended: number[]
  /** Who failed, in time. */
  readonly failed: number[]
  readonly cancelled: number[]
}

function spawn(program: readonly Child[], journal: Journal): Task<number>[] {
  return program.map(({ turns, fails }, i) =>
    createTask(function* () {
      try {
        for (let n = 0; n < turns; n++) yield* sleep(0)
        if (fails) throw new ChildError(String(i))
        return i
      } catch (error) {
        if (error instanceof CancelledError) journal.cancelled.push(i)
        else journal.failed.push(i)
        throw error
      } finally {
        journal.ended.push(i)
      }
    }),
  )
}

function newJournal(): Journal {
  return { ended: [], failed: [], cancelled: [] }
}

/** How a gather under test is called. */
type Gathering = (tasks: readonly Task<number>[], options: { returnExceptions: boolean }) => Future<unknown[]>

const real: Gathering = (tasks, { returnExceptions }) =>
  returnExceptions ? gather(tasks, { returnExceptions: true }) : gather(tasks)

/** A gather that lists results as they come. */
const byCompletion: Gathering = (tasks, options) => {
  const order: Task<number>[] = []
  for (const t of tasks) t.addDoneCallback(() => order.push(t))
  const outer = new Future<unknown[]>()
  real(tasks, options).addDoneCallback((f) => {
    if (f.cancelled()) outer.cancel()
    else if (f.exception() !== null) outer.setException(f.exception())
    else outer.setResult(order.map((t) => t.exception() ?? t.result()))
  })
  return outer
}

/** A gather that raises the first exception in argument order. */
const byArgument: Gathering = (tasks, options) => {
  const outer = new Future<unknown[]>()
  real(tasks, { returnExceptions: true }).addDoneCallback((f) => {
    const first = f.result().find((r) => r instanceof Error)
    if (first !== undefined && !options.returnExceptions) outer.setException(first)
    else outer.setResult(f.result())
  })
  return outer
}

function keepsOrder(gathering: Gathering): (program: readonly Child[]) => GeneratorBody {
  return (program) =>
    function* () {
      const journal = newJournal()
      const tasks = spawn(program, journal)
      const results = yield* gathering(tasks, { returnExceptions: true })
      claim(journal.ended.length === program.length, 'gather came back before every child had ended')
      for (const [i, { fails }] of program.entries()) {
        const r = results[i]
        claim(fails ? r instanceof ChildError && r.message === String(i) : r === i, 'a result is out of its place')
      }
    }
}

function raisesFirstInTime(gathering: Gathering): (program: readonly Child[]) => GeneratorBody {
  return (program) =>
    function* () {
      const journal = newJournal()
      const tasks = spawn(program, journal)
      let raised: unknown = null
      try {
        yield* gathering(tasks, { returnExceptions: false })
      } catch (error) {
        raised = error
      }
      const [first] = journal.failed
      if (first === undefined) claim(raised === null, 'an error from nowhere')
      else claim(raised instanceof ChildError && raised.message === String(first), 'not the first exception in time')
      yield* sleep(1)
      claim(journal.ended.length === program.length && journal.cancelled.length === 0, 'the others did not go on')
    }
}

function cancelReachesAll(cancel: (outer: Future<unknown[]>, tasks: readonly Task<number>[]) => void) {
  return (program: readonly Child[]): GeneratorBody =>
    function* () {
      const journal = newJournal()
      const tasks = spawn(program.map((c) => ({ ...c, fails: false })), journal)
      const outer = gather(tasks)
      const waiter = createTask(function* () {
        yield* outer
      })
      yield* sleep(0)
      const running = tasks.filter((t) => !t.done())
      cancel(outer, tasks)
      yield* sleep(1)
      claim(running.every((t) => t.cancelled()), 'a child outlived its cancelled gather')
      claim(waiter.done(), 'somebody waits for a cancelled gather for ever')
      try {
        yield* waiter
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error
      }
    }
}

describe('gather, in any order', () => {
  test('results come in argument order; with returnExceptions nothing is raised and every child ends', () => {
    assertHolds(children, keepsOrder(real))
    assertInEveryOrder(keepsOrder(real)([{ turns: 1, fails: false }, { turns: 0, fails: true }, { turns: 1, fails: false }]))
    assertCatches(children, keepsOrder(byCompletion), /out of its place/)
  })

  test('without it the first exception in time is raised, and the others go on', () => {
    assertHolds(children, raisesFirstInTime(real))
    assertInEveryOrder(raisesFirstInTime(real)([{ turns: 1, fails: true }, { turns: 1, fails: true }, { turns: 0, fails: false }]))
    assertCatches(children, raisesFirstInTime(byArgument), /first exception in time/)
  })

  test('a cancelled gather cancels every child that is not done', () => {
    assertHolds(children, cancelReachesAll((outer) => outer.cancel()))
    assertInEveryOrder(cancelReachesAll((outer) => outer.cancel())([{ turns: 2, fails: false }, { turns: 1, fails: false }]))
    assertCatches(children, cancelReachesAll((_, tasks) => tasks[0]?.cancel()), /outlived/)
  })
})

function staysAlive(protect: (inner: Task<number>) => Future<number>): (program: Child) => GeneratorBody {
  return ({ turns }) =>
    function* () {
      const journal = newJournal()
      const [inner] = spawn([{ turns, fails: false }], journal)
      claim(inner !== undefined, 'no task')
      const waiter = createTask(function* () {
        yield* protect(inner as Task<number>)
      })
      yield* sleep(0)
      waiter.cancel()
      yield* sleep(1)
      claim(waiter.done(), 'the caller was not cancelled')
      claim(journal.cancelled.length === 0 && inner?.result() === 0, 'the shielded task was cancelled')
    }
}

test('shield keeps its inner task alive, in any order', () => {
  assertHolds(child, staysAlive((t) => shield(t)))
  assertInEveryOrder(staysAlive((t) => shield(t))({ turns: 2, fails: false }))
  assertCatches(child, staysAlive((t) => t), /was cancelled/)
})

type Group = (body: (spawnIn: (c: () => Coroutine<void>) => void) => Coroutine<void>) => Coroutine<unknown>

const realGroup: Group = function* (body) {
  yield* new TaskGroup().run((g) => body((c) => void g.createTask(c)))
}

/** A group that does not wait for its children once one has failed. */
const hasty: Group = function* (body) {
  const made: Task<void>[] = []
  yield* body((c) => void made.push(createTask(c)))
  yield* gather(made)
}

function leavesNobody(group: Group): (program: readonly Child[]) => GeneratorBody {
  return (program) =>
    function* () {
      let running = 0
      try {
        yield* group(function* (spawnIn) {
          for (const { turns, fails } of program) {
            running++
            spawnIn(function* () {
              try {
                for (let n = 0; n < turns; n++) yield* sleep(0)
                if (fails) throw new ChildError('child')
              } finally {
                running--
              }
            })
          }
          yield* sleep(0)
        })
      } catch (error) {
        claim(error instanceof AggregateError || error instanceof ChildError, String(error))
      }
      // A child that never started has left no trace of itself: it counts as left only if it still may run.
      yield* sleep(0)
      const before = running
      yield* sleep(1)
      claim(before === running, 'a task of the group was left behind')
    }
}

test('a task group leaves no task behind, in any order', () => {
  assertHolds(children, leavesNobody(realGroup))
  assertInEveryOrder(leavesNobody(realGroup)([{ turns: 1, fails: true }, { turns: 1, fails: false }]))
  assertCatches(children, leavesNobody(hasty), /left behind/)
})

type Limited = (f: Future<number>, seconds: number) => Coroutine<number>

const realLimit: Limited = function* (f, seconds) {
  return yield* waitFor(f, seconds)
}

/** A time limit that takes every cancellation for its own. */
const swallowing: Limited = function* (f, seconds) {
  try {
    return yield* waitFor(f, seconds)
  } catch (error) {
    if (error instanceof CancelledError) throw new TimeoutError()
    throw error
  }
}

/** The result, the deadline and a cancellation at moments of their own, which may be the same. */
const moments = fc.record({ result: fc.integer({ min: 1, max: 3 }), limit: fc.integer({ min: 1, max: 3 }), cancel: fc.nat(3) })

function losesNothing(limited: Limited) {
  return ({ result, limit, cancel }: { result: number; limit: number; cancel: number }): GeneratorBody =>
    function* () {
      const loop = getRunningLoop()
      const f = new Future<number>()
      loop.callLater(result, () => {
        if (!f.done()) f.setResult(7)
      })
      let asked = false
      const waiter = createTask(() => limited(f, limit))
      if (cancel > 0) {
        loop.callLater(cancel, () => {
          asked = waiter.cancel()
        })
      }
      yield* sleep(5)
      claim(waiter.done(), 'somebody waits for ever')
      if (waiter.cancelled()) claim(asked, 'a cancellation from nowhere')
      else if (asked) {
        // Only what was there already, or the deadline of the same moment, may come before a cancellation.
        const error = waiter.exception()
        claim(error === null || (error instanceof TimeoutError && limit === cancel), 'a cancellation was lost')
        claim(error !== null || result <= cancel, 'a result from the future')
      } else if (waiter.exception() === null) claim(waiter.result() === 7, 'not the result')
      else claim(waiter.exception() instanceof TimeoutError && result >= limit, 'a result in time was lost')
    }
}

test('waitFor loses neither a result nor a cancellation, in any order', () => {
  assertHolds(moments, losesNothing(realLimit))
  assertInEveryOrder(losesNothing(realLimit)({ result: 1, limit: 1, cancel: 1 }))
  assertCatches(moments, losesNothing(swallowing), /cancellation was lost/)
})

function timeOnlyGrows(clock: () => number): (program: readonly number[]) => GeneratorBody {
  return (program) =>
    function* () {
      let last = 0
      const look = (): void => {
        const now = clock()
        claim(now >= last, 'time went back')
        last = now
      }
      yield* gather(
        program.map(
          (d) =>
            function* () {
              for (let n = 0; n < 3; n++) {
                yield* sleep(d / 7)
                look()
              }
            },
        ),
      )
    }
}

test('virtual time never goes back, in any order', () => {
  const delays = fc.array(fc.nat(5), { minLength: 1, maxLength: 4 })
  let readings = 0
  assertHolds(delays, timeOnlyGrows(() => getRunningLoop().time()))
  assertCatches(delays, timeOnlyGrows(() => getRunningLoop().time() - (readings++ % 2)), /went back/)
})
