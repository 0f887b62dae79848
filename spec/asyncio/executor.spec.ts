import { expect, test } from 'vitest'
import {
  check,
  checkSync,
  ConcurrentFuture,
  ContextVar,
  createTask,
  currentTask,
  DeadlockError,
  type Executor,
  newEventLoop,
  pause,
  run,
  runInExecutor,
  runSync,
  sleep,
  TimeoutError,
  toThread,
} from '../../src/index.ts'
import { both, inWords, on } from './both.ts'
import { loop } from './scripts.ts'

/** Hands out the futures that it is given. */
function handing(future: ConcurrentFuture<number>): Executor {
  return { submit: () => future as never }
}

both('R280 job ends in k, copied in k+1, awaiter in k+2', [[2, 'job ends'], [4, 'back', 5]], function* (w) {
  const job = new ConcurrentFuture<number>()
  loop().callSoon(() => {
    w.at('job ends')
    job.setResult(5)
  })
  w.at('back', yield* on(loop().runInExecutor(handing(job), () => 0)))
})

test('R280b three iterations even if nobody waits', () => {
  const l = newEventLoop()
  const job = new ConcurrentFuture<number>()
  job.setRunningOrNotifyCancel()
  const f = l.runInExecutor(handing(job), () => 0)
  l.callSoon(() => job.setResult(5))
  expect(() => l.runForeverSync()).toThrow(DeadlockError)
  expect([l.tick - 1, f.result()]).toEqual([3, 5])
  l.close()
})

test('R281 a cancel reaches the job only before it has started', () => {
  const seen: boolean[] = []
  for (const started of [false, true]) {
    const l = newEventLoop()
    const job = new ConcurrentFuture<number>()
    if (started) job.setRunningOrNotifyCancel()
    const f = l.runInExecutor(handing(job), () => 0)
    expect(f.cancel()).toBe(true)
    l.callSoon(() => l.stop())
    l.runForeverSync()
    seen.push(job.cancelled())
    l.close()
  }
  expect(seen).toEqual([true, false])
})

both('R281 the result of a running job whose future was cancelled is dropped', ['CancelledError', 'CancelledError'], function* (w) {
  const job = new ConcurrentFuture<number>()
  job.setRunningOrNotifyCancel()
  const f = loop().runInExecutor(handing(job), () => 0)
  f.cancel()
  w.log.push(yield* w.outcome(f))
  job.setResult(1)
  yield* on(sleep(1))
  w.log.push(yield* w.outcome(f))
})

both('R282 a job’s exception passes as the same object, TimeoutError too', [true], function* (w) {
  const error = new TimeoutError('m')
  const job = new ConcurrentFuture<number>()
  job.setRunningOrNotifyCancel()
  const f = loop().runInExecutor(handing(job), () => 0)
  job.setException(error)
  try {
    yield* on(f)
  } catch (e) {
    w.log.push(e === error)
  }
})

both('R283 toThread is lazy and copies the context; runInExecutor starts at the call', [[], ['now', 'seen'], null], function* (w) {
  const v = new ContextVar<string>('v')
  const begun: unknown[] = []
  const lazy = toThread((name: string) => {
    begun.push(name, v.get())
    return currentTask()
  }, 'now')
  yield* on(sleep(1))
  w.log.push([...begun])
  v.set('seen')
  const inside = yield* on(lazy)
  w.log.push(begun, inside)
})

both('jobs give values and errors; a generator goes on as a task', [3, 'Error:bad', 5], function* (w) {
  w.log.push(yield* on(toThread((a: number, b: number) => a + b, 1, 2)))
  w.log.push(
    yield* w.outcome(
      toThread(() => {
        throw new Error('bad')
      }),
    ),
  )
  w.log.push(
    yield* on(
      toThread(function* () {
        yield* sleep(1)
        return 5
      }),
    ),
  )
})

test('an asynchronous job', async () => {
  const log: unknown[] = []
  await run(async () => {
    log.push(await runInExecutor(null, async () => 4))
    const failing = toThread(async () => {
      await Promise.resolve()
      throw new Error('late')
    })
    log.push(await failing.then(undefined, inWords))
  })
  expect(log).toEqual([4, 'Error:late'])
})

test('a job ends whenever the strategy says: before and after what else is outside', async () => {
  const orders = new Set<string>()
  const report = await check(
    function* () {
      const order: string[] = []
      const job = runInExecutor(null, () => order.push('job'))
      const other = loop().createTask(function* () {
        yield* pause('other')
        order.push('other')
      })
      yield* job
      yield* other
      orders.add(order.join())
    },
    { strategy: 'exhaustive' },
  )
  expect(report.exhausted).toBe(true)
  expect([...orders].sort()).toEqual(['job,other', 'other,job'])
})

test('the end of a run waits for jobs whose results nobody wants', () => {
  const log: string[] = []
  runSync(function* () {
    runInExecutor(null, () => log.push('job')).cancel()
    yield* sleep(0)
    log.push('main ends')
  })
  expect(log).toEqual(['main ends', 'job'])
})

test('a default executor of one’s own', () => {
  runSync(function* () {
    const job = new ConcurrentFuture<number>()
    loop().setDefaultExecutor(handing(job))
    loop().callSoon(() => job.setResult(9))
    expect(yield* toThread(() => 1)).toBe(9)
  })
  expect(inWords(new TimeoutError('x'))).toBe('TimeoutError:x')
})

test('a job’s future gives its result, or throws its exception, to whoever asks outside a loop', () => {
  const [good, bad, gone] = [new ConcurrentFuture<number>(), new ConcurrentFuture<number>(), new ConcurrentFuture<number>()]
  const error = new RangeError('in the job')
  for (const job of [good, bad, gone]) {
    expect(() => job.result()).toThrow('the job has not ended')
    expect(() => job.exception()).toThrow('the job has not ended')
  }
  good.setResult(1)
  bad.setException(error)
  expect([gone.cancel(), gone.cancel(), good.cancel(), gone.setRunningOrNotifyCancel()]).toEqual([true, true, false, false])
  expect([good, bad, gone, new ConcurrentFuture()].map((job) => [job.done(), job.running(), job.cancelled()])).toEqual([
    [true, false, false],
    [true, false, false],
    [true, false, true],
    [false, false, false],
  ])
  expect([good.result(), good.exception(), bad.exception()]).toEqual([1, null, error])
  expect(() => bad.result()).toThrow(error)
  expect(inWords(attempted(() => gone.result()))).toBe('ConcurrentCancelledError')
  expect(inWords(attempted(() => gone.exception()))).toBe('ConcurrentCancelledError')
  expect(() => good.setResult(2)).toThrow('invalid state: finished')
  expect(() => gone.setException(error)).toThrow('invalid state: cancelled')
})

test('what a job goes on with may end before or after what was queued earlier', () => {
  const ends = new Set<string>()
  const report = checkSync(function* () {
    const log: string[] = []
    const job = createTask(() => toThread(function* () {
      yield* sleep(1)
      log.push('job')
    }))
    job.addDoneCallback(() => log.push('told'))
    yield* sleep(1)
    log.push('other')
    yield* sleep(1)
    ends.add(log.join(' '))
  }, { strategy: 'exhaustive', leaks: 'ignore' })
  expect(report).toMatchObject({ exhausted: true, failures: 0 })
  expect([...ends]).toEqual(expect.arrayContaining(['job told other', 'job other told', 'other job told']))
})

function attempted(call: () => unknown): unknown {
  try {
    return call()
  } catch (error) {
    return error
  }
}
