import { describe, expect, test } from 'vitest'
import { asCompleted, type Awaitable, checkSync, type Coroutine, Future, pause, run, runSync, sleep, type Task, TimeoutError } from '../../src/index.ts'
import { both, inWords, on, type World } from './both.ts'
import { loop } from './scripts.ts'

function after<T>(w: World, delay: number, value: T): Task<T> {
  return w.task(function* () {
    return yield* on(sleep(delay, value))
  })
}

both('R180 child ends in k, awaiter goes on in k+2', [[2, 'child ends'], [4, 'got', 5]], function* (w) {
  const t = w.task(function* () {
    w.at('child ends')
    return 5
  })
  for (const next of asCompleted([t])) w.at('got', yield* on(next))
})

both('R181 in the order in which they end', ['b', 1, 'a', 2], function* (w) {
  for (const next of asCompleted([after(w, 2, 'a'), after(w, 1, 'b')])) w.log.push(yield* on(next), loop().time())
})

both('R182 timeout: the rest raises TimeoutError, nothing is cancelled', ['a', 'TimeoutError', 'TimeoutError', 1.5, false, false], function* (w) {
  const tasks = [1, 5, 6].map((n) => after(w, n, 'a'))
  for (const next of asCompleted(tasks, { timeout: 1.5 })) w.log.push(yield* w.outcome(next))
  w.log.push(loop().time(), tasks[1]?.cancelled(), tasks[2]?.cancelled())
  for (const t of tasks) t.cancel()
})

both('R183 each coroutine gives the next result, whichever is awaited first', ['b', 'a'], function* (w) {
  const [first, second] = [...asCompleted([after(w, 2, 'a'), after(w, 1, 'b')])]
  if (first === undefined || second === undefined) throw new Error('two were given')
  const late = yield* on(second)
  w.log.push(late, yield* on(first))
})

both('R184 a single future or coroutine is refused', ['TypeError:expects an iterable of awaitables, not Future', 'TypeError'], function* (w) {
  w.log.push(w.attempt(() => asCompleted(new Future() as never)))
  w.log.push(String(w.attempt(() => asCompleted(sleep(1) as never))).split(':')[0])
})

both('R187 callbacks and timer are set up by the call', [[2, 'the time runs'], 'TimeoutError', 1], function* (w) {
  const next = asCompleted([new Future()], { timeout: 1 })[Symbol.iterator]()
  yield* on(sleep(0))
  w.at('the time runs')
  const item = next.next()
  if (item.done !== true) w.log.push(yield* w.outcome(item.value))
  w.log.push(loop().time())
})

both('R185 the async iterator gives the tasks themselves, done', ['b', true, 'a', true, 'stop'], function* (w) {
  const tasks: Future<string>[] = [after(w, 2, 'a'), after(w, 1, 'b')]
  const arrivals = asCompleted(tasks)
  for (;;) {
    const next = yield* on(arrivals.nextDone())
    if (next.done === true) break
    w.log.push(next.value.result(), tasks.includes(next.value))
  }
  w.log.push('stop')
})

test('R185 for await', async () => {
  const log: unknown[] = []
  await run(async () => {
    const wait = (n: number, value: string) => async () => sleep(n, value)
    for await (const done of asCompleted([wait(2, 'a'), wait(1, 'b')])) log.push(done.result())
  })
  expect(log).toEqual(['b', 'a'])
})

both('R186 a timeout raises TimeoutError out of the loop', [[4, 'TimeoutError'], 0], function* (w) {
  const t = after(w, 2, 'a')
  w.at(yield* w.outcome(asCompleted([t], { timeout: 1 }).nextDone()))
  w.log.push(t.cancelling())
})

test('R183 a waiter that is cancelled passes its wake-up on', () => {
  const log: unknown[] = []
  runSync(function* () {
    const f = new Future<number>()
    const [a, b] = [...asCompleted([f, new Future<number>()])]
    const waiter = (name: string, x: Awaitable<number>) =>
      loop().createTask(function* (): Coroutine<void> {
        try {
          log.push([name, yield* x])
        } catch (error) {
          log.push([name, inWords(error)])
        }
      })
    const [ta, tb] = [waiter('a', a as Awaitable<number>), waiter('b', b as Awaitable<number>)]
    yield* sleep(0)
    f.setResult(7)
    yield* sleep(0)
    ta.cancel()
    yield* tb
    yield* ta
  })
  expect(log).toEqual([
    ['a', 'CancelledError'],
    ['b', 7],
  ])
})

describe.each(['exhaustive', 'dpor'] as const)('a result at the moment of the deadline comes in time, or not (%s)', (strategy) => {
  // CPython's timers of one moment come in the order of a heap, and nobody has promised which.
  test.each([[false, false], [false, true], [true, false], [true, true]])('with somebody who waits only later: %s; begun before: %s', (later, begun) => {
    const seen = new Set<string>()
    const report = checkSync(function* () {
      const f = new Future<string>()
      const set = function* (): Coroutine<void> {
        yield* sleep(1)
        f.setResult('value')
      }
      if (begun) loop().createTask(set())
      if (begun) yield* sleep(0)
      const results = asCompleted([f], { timeout: 1 })
      if (!begun) loop().createTask(set())
      if (later) yield* sleep(2)
      try {
        seen.add((yield* results.nextDone()).value?.result() ?? '')
      } catch (error) {
        seen.add(inWords(error))
      }
      yield* sleep(2)
    }, { strategy, bail: false })
    expect(report).toMatchObject({ exhausted: true, failures: 0 })
    expect([...seen].toSorted()).toEqual(['TimeoutError', 'value'])
  })
})

test('a deadline that nobody waits for at the time is called by who has set it', () => {
  const { failure } = checkSync(function* () {
    const f = new Future<string>()
    loop().callLater(1, () => f.setResult('value'))
    const results = asCompleted([f], { timeout: 1 })
    yield* sleep(2)
    yield* results.nextDone()
  }, { strategy: 'random', seed: 1 })
  expect(failure?.error).toBeInstanceOf(TimeoutError)
  // The news of the result, which the callback sets, is an option of its own.
  expect(failure?.file.passing?.words).toBe('Task-1 resumes from `asCompleted` before the time of Task-1 runs out')
})

test('of nothing there is nothing to wait for: no time passes on its account, whatever its limit', () => {
  const report = checkSync(function* () {
    expect([...asCompleted([], { timeout: 5 })]).toEqual([])
    yield* pause()
    expect(loop().time()).toBe(0)
  }, { strategy: 'exhaustive' })
  expect(report).toMatchObject({ schedules: 1, choicePoints: 0, failures: 0 })
})
