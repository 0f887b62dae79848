import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  CancelledError,
  createTask,
  DeadlockError,
  EventLoop,
  type ExceptionContext,
  Future,
  newEventLoop,
  RuntimeError,
  run,
  sleep,
  SystemExit,
  ValueError,
} from '../../src/index.ts'
import { both, inWords, on } from './both.ts'
import { loop, raise } from './scripts.ts'

/** A loop and a log of (iteration, what…). */
function world(): { l: EventLoop; log: unknown[]; at: (...what: unknown[]) => void } {
  const l = newEventLoop()
  const log: unknown[] = []
  return { l, log, at: (...what) => void log.push([l.tick, ...what]) }
}

afterEach(() => {
  vi.restoreAllMocks()
})

both('R001 callbacks run in the order of callSoon', [[2, 'a'], [2, 'b'], [2, 'c'], [3, 'after']], function* (w) {
  for (const x of 'abc') loop().callSoon((name: string) => w.at(name), x)
  yield* on(sleep(0))
  yield* on(sleep(0))
  w.at('after')
})

both('R002 what a callback queues runs in the next iteration', [[2, 'a'], [2, 'b'], [3, 'from a']], function* (w) {
  const l = loop()
  l.callSoon(() => {
    w.at('a')
    l.callSoon(() => w.at('from a'))
  })
  l.callSoon(() => w.at('b'))
  yield* on(sleep(1))
})

both('R003 callbacks before timers that are due now', [[2, 'soon'], [2, 'timer 0']], function* (w) {
  loop().callLater(0, () => w.at('timer 0'))
  loop().callSoon(() => w.at('soon'))
  yield* on(sleep(1))
})

both('R004 deadlines within a nanosecond fire in one iteration', [[2, 1, 'a'], [2, 1, 'b'], [3, 1.000000003, 'c']], function* (w) {
  const l = loop()
  for (const [name, when] of [['b', 1 + 5e-10], ['a', 1], ['c', 1 + 3e-9]] as const) {
    l.callAt(when, () => w.at(l.time(), name))
  }
  yield* on(sleep(2))
})

for (const n of [3, 4, 6, 8]) {
  test(`R005 R006 ${n} timers with equal deadlines, and a later one, fire in order of creation`, () => {
    const { l, log } = world()
    for (let i = 0; i < n; i++) l.callLater(1, (k: number) => log.push(k), i)
    l.callAt(9, () => l.stop())
    l.runForeverSync()
    expect(log).toEqual(Array.from({ length: n }, (_, i) => i))
  })
}

both('R007 a delay of 0 or less is a timer that is due', [[2, 'soon'], [2, 'late -5'], [2, 'late 0']], function* (w) {
  loop().callLater(0, () => w.at('late 0'))
  loop().callLater(-5, () => w.at('late -5'))
  loop().callSoon(() => w.at('soon'))
  yield* on(sleep(1))
})

both('R008 a timer never runs in the iteration that made it', [[2, 'h'], [3, 'timer from h']], function* (w) {
  const l = loop()
  l.callSoon(() => {
    w.at('h')
    l.callLater(0, () => w.at('timer from h'))
  })
  yield* on(sleep(1))
})

both('R009 a cancelled handle is skipped', [[2, 'b'], true], function* (w) {
  const h = loop().callSoon(() => w.at('a'))
  loop().callSoon(() => w.at('b'))
  h.cancel()
  h.cancel()
  yield* on(sleep(0))
  w.log.push(h.cancelled())
})

test('R010 many cancelled timers change nothing that can be seen', () => {
  const { l, log } = world()
  const timers = Array.from({ length: 150 }, (_, i) => l.callAt(10 + i, (k: number) => log.push(k), i))
  for (const t of timers.slice(1, 149)) t.cancel()
  l.callAt(1000, () => l.stop())
  l.runForeverSync()
  expect([log, l.tick]).toEqual([[0, 149], 3])
})

both('R011 a cancelled timer does not move the clock', [1], function* (w) {
  loop().callLater(0.5, () => w.at('never')).cancel()
  loop().callLater(3, () => w.at('never')).cancel()
  const f = new Future<null>()
  loop().callLater(1, () => f.setResult(null))
  yield* on(f)
  w.log.push(loop().time())
})

test('R012 nothing ready and no timer: a deadlock', () => {
  expect(() => newEventLoop().runForeverSync()).toThrow(DeadlockError)
})

test('R013 a wait of three days takes two empty iterations more', () => {
  const { l } = world()
  l.callAt(3 * 86400, () => l.stop())
  l.runForeverSync()
  expect([l.tick, l.time()]).toEqual([3, 259200])
})

test('R014 stop lets the iteration finish; the rest stays for the next run', async () => {
  const { l, log } = world()
  l.callSoon(() => log.push('a'))
  l.callSoon(() => {
    log.push('stop')
    l.stop()
    l.callSoon(() => log.push('later'))
  })
  l.callSoon(() => log.push('b'))
  await l.runForever()
  expect(log).toEqual(['a', 'stop', 'b'])
  l.callSoon(() => l.stop())
  await l.runForever()
  expect(log).toEqual(['a', 'stop', 'b', 'later'])
})

test('R015 stop before the run: one iteration, without waiting', () => {
  const { l, log } = world()
  l.callSoon(() => log.push('ready'))
  l.callLater(0, () => log.push('due'))
  l.callLater(1, () => log.push('not due'))
  l.stop()
  l.runForeverSync()
  expect([log, l.tick]).toEqual([['ready', 'due'], 1])
})

test('R016 refusals change nothing', () => {
  const { l, log } = world()
  const other = newEventLoop()
  l.runUntilCompleteSync(function* () {
    for (const x of [l, other]) {
      for (const call of [() => x.runForeverSync(), () => x.runUntilCompleteSync(sleep(0))]) {
        try {
          call()
        } catch (error) {
          log.push(inWords(error))
        }
      }
    }
    expect(loop()).toBe(l)
    yield* sleep(0)
  })
  l.close()
  expect(() => l.runForeverSync()).toThrow('Event loop is closed')
  expect(log).toEqual([
    'RuntimeError:This event loop is already running',
    'RuntimeError:This event loop is already running',
    'RuntimeError:Cannot run the event loop while another loop is running',
    'RuntimeError:Cannot run the event loop while another loop is running',
  ])
})

test('R017 everything ready after main’s last step still runs, nothing later', () => {
  const { l, log, at } = world()
  const f = l.createFuture<number>()
  f.addDoneCallback(() => at('queued by the done callback of another'))
  const t = l.createTask(function* () {
    l.callSoon(() => {
      at('soon 1')
      l.callSoon(() => at('soon 2'))
    })
    at('main ends')
    l.callSoon(() => {})
  })
  t.addDoneCallback(() => at('done callback'))
  l.callSoon(() => f.setResult(1))
  l.runUntilCompleteSync(t)
  expect([log, l.tick]).toEqual([
    [
      [1, 'main ends'],
      [2, 'soon 1'],
      [2, 'done callback'],
      [2, 'queued by the done callback of another'],
    ],
    2,
  ])
  l.callSoon(() => l.stop())
  l.runForeverSync()
  expect(log.at(-1)).toEqual([3, 'soon 2'])
})

test('R019 stopped before the future is done', async () => {
  const { l } = world()
  l.callSoon(() => l.stop())
  expect(() => l.runUntilCompleteSync(l.createFuture())).toThrow('Event loop stopped before Future completed.')
  l.callSoon(() => l.stop())
  await expect(l.runUntilComplete(l.createFuture())).rejects.toThrow('Event loop stopped before Future completed.')
})

test('R020 a queued stop callback that SystemExit left behind stops the next run', () => {
  const { l } = world()
  const t = l.createTask(sleep(0))
  l.createTask(function* () {
    yield* sleep(0)
    throw new SystemExit()
  })
  expect(() => l.runUntilCompleteSync(t)).toThrow(SystemExit)
  expect(() => l.runUntilCompleteSync(sleep(5))).toThrow('Event loop stopped before Future completed.')
})

test('R021 SystemExit leaves the loop, the rest of the iteration stays', () => {
  const { l, log } = world()
  l.callSoon(() => log.push('a'))
  l.callSoon(() => raise(new SystemExit()))
  l.callSoon(() => log.push('b'))
  expect(() => l.runForeverSync()).toThrow(SystemExit)
  expect(log).toEqual(['a'])
  l.callSoon(() => l.stop())
  l.runForeverSync()
  expect(log).toEqual(['a', 'b'])
})

test('R022 other exceptions of a callback go to the exception handler', () => {
  const { l, log } = world()
  const handled: unknown[] = []
  l.setExceptionHandler((_, c) => handled.push([c.message, (c.exception as Error).name, c.handle !== undefined]))
  function bad(error: Error): void {
    throw error
  }
  l.callSoon(bad, new ValueError())
  l.callSoon(bad, new CancelledError())
  l.callSoon(() => log.push('after'))
  l.callSoon(() => l.stop())
  l.runForeverSync()
  expect(log).toEqual(['after'])
  expect(handled).toEqual([
    ['Exception in callback bad()', 'ValueError', true],
    ['Exception in callback bad()', 'CancelledError', true],
  ])
})

test('R023 a handler that raises', () => {
  const seen: ExceptionContext[] = []
  class Mine extends EventLoop {
    override defaultExceptionHandler(context: ExceptionContext): void {
      seen.push(context)
    }
  }
  const l = new Mine()
  l.setExceptionHandler(() => raise(new ValueError('mine')))
  l.callExceptionHandler({ message: 'x' })
  expect(seen).toHaveLength(1)
  expect(Object.keys(seen[0] ?? {}).sort()).toEqual(['context', 'exception', 'message'])
  expect([seen[0]?.message, inWords(seen[0]?.exception)]).toEqual(['Unhandled error in exception handler', 'ValueError:mine'])
})

test('R024 the default handler prints the message, the other entries sorted, and the exception', () => {
  const print = vi.spyOn(console, 'error').mockImplementation(() => {})
  const l = newEventLoop()
  const future = l.createFuture()
  l.callExceptionHandler({ message: 'It failed', future, exception: new ValueError('v') })
  l.callExceptionHandler({ message: '' })
  const [first, second] = print.mock.calls.map((c) => String(c[0]).split('\n'))
  expect(first?.slice(0, 3)).toEqual(['It failed', 'future: <Future pending>', 'ValueError: v'])
  expect(second).toEqual(['Unhandled exception in event loop'])
})

test('R025 setExceptionHandler', () => {
  const l = newEventLoop()
  expect(() => l.setExceptionHandler(5 as never)).toThrow('A callable object or None is expected, got 5')
  const handler = (): void => {}
  l.setExceptionHandler(handler)
  expect(l.getExceptionHandler()).toBe(handler)
  l.setExceptionHandler(null)
  expect(l.getExceptionHandler()).toBeNull()
})

test('R026 after close', () => {
  const { l } = world()
  l.close()
  for (const call of [
    () => l.callSoon(() => {}),
    () => l.callLater(1, () => {}),
    () => l.callSoonThreadsafe(() => {}),
    () => l.createTask(sleep(0)),
  ]) {
    expect(call).toThrow('Event loop is closed')
    expect(call).toThrow(RuntimeError)
  }
})

test('R027 close', () => {
  const { l, log } = world()
  l.runUntilCompleteSync(function* () {
    expect(() => l.close()).toThrow('Cannot close a running event loop')
  })
  l.callSoon(() => log.push('never'))
  l.close()
  l.close()
  expect([l.isClosed(), log]).toEqual([true, []])
})

test('R028 callSoonThreadsafe keeps the order', () => {
  const { l, log } = world()
  l.callSoon(() => log.push(1))
  l.callSoonThreadsafe(() => log.push(2))
  l.callSoon(() => log.push(3))
  l.callSoonThreadsafe(() => l.stop())
  l.runForeverSync()
  expect(log).toEqual([1, 2, 3])
})

test('R029 debug mode refuses what can’t be called', () => {
  const { l } = world()
  l.setDebug(true)
  expect(() => l.callSoon(function* () {})).toThrow('coroutines cannot be used with call_soon()')
  expect(() => l.callSoon(async () => {})).toThrow('coroutines cannot be used with call_soon()')
  expect(() => l.callSoon(5 as never)).toThrow('a callable object was expected by call_soon(), got 5')
  expect(() => l.callAt(1, 5 as never)).toThrow('a callable object was expected by call_at(), got 5')
  expect(() => l.runInExecutor(null, 5 as never)).toThrow('a callable object was expected by run_in_executor(), got 5')
  l.setDebug(false)
  expect(() => l.callSoon(5 as never)).not.toThrow()
})

describe('R032 R033 R034 handles in words', () => {
  function f(): void {}
  test('plain', () => {
    const { l } = world()
    const handle = l.callSoon(f)
    const timer = l.callAt(5, f)
    expect([String(handle), String(timer), timer.when()]).toEqual(['<Handle f()>', '<TimerHandle when=5 f()>', 5])
    handle.cancel()
    timer.cancel()
    expect([String(handle), String(timer)]).toEqual(['<Handle cancelled>', '<TimerHandle cancelled when=5>'])
  })
  test('debug: arguments, and where it was made; a cancelled one keeps them', () => {
    const { l } = world()
    l.setDebug(true)
    const handle = l.callSoon(f as (n: number) => void, 1)
    expect(String(handle)).toMatch(/^<Handle f\(1\) created at .*event-loop\.spec\.ts:\d+>$/)
    const timer = l.callAt(5, f)
    handle.cancel()
    handle.cancel()
    timer.cancel()
    expect(String(handle)).toMatch(/^<Handle cancelled f\(1\) created at .*event-loop\.spec\.ts:\d+>$/)
    expect(String(timer)).toMatch(/^<TimerHandle cancelled when=5 f\(\) created at .*event-loop\.spec\.ts:\d+>$/)
  })
})

test('runForever ends with the error that leaves the loop', async () => {
  const { l } = world()
  l.callSoon(() => raise(new SystemExit('now')))
  await expect(l.runForever()).rejects.toThrow('now')
  const closed = newEventLoop()
  closed.close()
  await expect(closed.runForever()).rejects.toThrow('Event loop is closed')
})

test('native tasks may take part in runForever', async () => {
  const { l, log } = world()
  l.createTask(async () => {
    await sleep(1)
    log.push(await createTask(async () => 5))
    l.stop()
  })
  await l.runForever()
  expect(log).toEqual([5])
  await run(async () => expect(loop()).not.toBe(l))
})
