import { expect, expectTypeOf, test } from 'vitest'
import {
  asCompleted,
  type Awaitable,
  type ConcurrentFuture,
  type Coroutine,
  createTask,
  ensureFuture,
  type EventLoop,
  type Executor,
  Future,
  gather,
  getRunningLoop,
  run,
  Runner,
  runInExecutor,
  runSync,
  shield,
  sleep,
  type Task,
  TaskGroup,
  type Timeout,
  timeout,
  timeoutAt,
  toThread,
  wait,
  waitFor,
} from '../../src/index.ts'

// These are judged by the type checker; the functions are never called.
function never(scenario: () => unknown): void {
  expect(scenario).toBeTypeOf('function')
}

async function numberLater(): Promise<number> {
  return 1
}

function* text(): Coroutine<string> {
  yield* sleep(0)
  return 'x'
}

test('yield* gives the type of the result', () => {
  never(function* () {
    expectTypeOf(yield* sleep(1)).toEqualTypeOf<void>()
    expectTypeOf(yield* sleep(1, 'r')).toEqualTypeOf<string>()
    expectTypeOf(yield* new Future<number>()).toEqualTypeOf<number>()
    expectTypeOf(yield* text()).toEqualTypeOf<string>()
    expectTypeOf(yield* createTask(text())).toEqualTypeOf<string>()
    expectTypeOf(yield* createTask(() => text())).toEqualTypeOf<string>()
    expectTypeOf(yield* createTask(numberLater())).toEqualTypeOf<number>()
    expectTypeOf(yield* shield(text())).toEqualTypeOf<string>()
    expectTypeOf(yield* waitFor(text(), 1)).toEqualTypeOf<string>()
    expectTypeOf(yield* waitFor(numberLater, null)).toEqualTypeOf<number>()
    expectTypeOf(yield* timeout(1, () => text())).toEqualTypeOf<string>()
    expectTypeOf(yield* timeout(1, numberLater)).toEqualTypeOf<number>()
    expectTypeOf(yield* timeoutAt(1, () => 5)).toEqualTypeOf<number>()
    expectTypeOf(
      yield* timeout(1, function* (t) {
        expectTypeOf(t).toEqualTypeOf<Timeout>()
        yield* sleep(1)
        return true
      }),
    ).toEqualTypeOf<boolean>()
    expectTypeOf(
      yield* new TaskGroup().run(function* (g) {
        expectTypeOf(g.createTask(text())).toEqualTypeOf<Task<string>>()
        yield* sleep(1)
        return 1
      }),
    ).toEqualTypeOf<number>()
    expectTypeOf(yield* toThread((a: number, b: string) => `${a}${b}`, 1, 'b')).toEqualTypeOf<string>()
    expectTypeOf(yield* toThread(numberLater)).toEqualTypeOf<number>()
    expectTypeOf(yield* runInExecutor(null, () => 5)).toEqualTypeOf<number>()
    // @ts-expect-error the function takes a number
    yield* toThread((a: number) => a, 'x')
  })
})

test('await gives the same types', () => {
  never(async () => {
    expectTypeOf(await sleep(1, 'r')).toEqualTypeOf<string>()
    expectTypeOf(await waitFor(text(), 1)).toEqualTypeOf<string>()
    expectTypeOf(await timeout(1, numberLater)).toEqualTypeOf<number>()
    expectTypeOf(await new TaskGroup().run(async (g) => g.createTask(numberLater()).getName())).toEqualTypeOf<string>()
    expectTypeOf(await toThread(() => 5)).toEqualTypeOf<number>()
    expectTypeOf(await run(numberLater)).toEqualTypeOf<number>()
    expectTypeOf(await new Runner().run(text())).toEqualTypeOf<string>()
    for await (const done of asCompleted([text()])) expectTypeOf(done.result()).toEqualTypeOf<string>()
  })
})

test('gather gives a tuple', () => {
  never(function* () {
    expectTypeOf(yield* gather([text(), numberLater(), sleep(1, true)])).toEqualTypeOf<[string, number, boolean]>()
    expectTypeOf(yield* gather([text(), new Future<number>()], { returnExceptions: true })).toEqualTypeOf<
      [string | Error, number | Error]
    >()
    const list: Coroutine<string>[] = []
    expectTypeOf(yield* gather(list)).toEqualTypeOf<string[]>()
    expectTypeOf(yield* gather([])).toEqualTypeOf<[]>()
  })
})

test('wait keeps the type of what it was given, asCompleted gives results', () => {
  never(function* () {
    const tasks: Task<string>[] = []
    expectTypeOf(yield* wait(tasks)).toEqualTypeOf<[done: Set<Task<string>>, pending: Set<Task<string>>]>()
    // @ts-expect-error coroutines are no futures
    yield* wait([text()])
    // @ts-expect-error there is no such moment to return at
    yield* wait(tasks, { returnWhen: 'NEVER' })
    for (const next of asCompleted([text(), text()])) expectTypeOf(yield* next).toEqualTypeOf<string>()
    expectTypeOf(asCompleted(tasks).nextDone()).toEqualTypeOf<Awaitable<IteratorResult<Future<string>, undefined>>>()
  })
})

test('the loop', () => {
  never(() => {
    const l: EventLoop = getRunningLoop()
    expectTypeOf(l.createTask(text())).toEqualTypeOf<Task<string>>()
    expectTypeOf(l.createFuture<number>()).toEqualTypeOf<Future<number>>()
    expectTypeOf(l.runUntilComplete(text())).toEqualTypeOf<Promise<string>>()
    expectTypeOf(l.runUntilCompleteSync(text())).toEqualTypeOf<string>()
    expectTypeOf(l.runForever()).toEqualTypeOf<Promise<void>>()
    expectTypeOf(runSync(text())).toEqualTypeOf<string>()
    expectTypeOf(ensureFuture(text())).toEqualTypeOf<Future<string>>()
    l.callSoon((a: number, b: string) => [a, b], 1, 'b')
    // @ts-expect-error the callback takes a number
    l.callLater(1, (a: number) => a, 'x')
    const executor: Executor = { submit: () => ({}) as ConcurrentFuture<never> }
    expectTypeOf(l.runInExecutor(executor, (n: number) => n, 1)).toEqualTypeOf<Future<number>>()
  })
})
