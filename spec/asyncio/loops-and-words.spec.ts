import { afterEach, describe, expect, test, vi } from 'vitest'
import {
  asCompleted,
  type Awaitable,
  Context,
  ContextVar,
  createTask,
  EventLoop,
  Future,
  gather,
  getRunningLoop,
  newEventLoop,
  run,
  runSync,
  setEventLoop,
  sleep,
  Task,
} from '../../src/index.ts'
import { watchBareGenerators } from '../../src/asyncio/bare-generators.ts'
import { VirtualLoop } from '../../src/loop/loop.ts'
import { ReadyQueue } from '../../src/loop/ready-queue.ts'

afterEach(() => {
  vi.restoreAllMocks()
  setEventLoop(null)
})

describe('which loop it is', () => {
  test('the running one counts, whichever is set', async () => {
    const other = newEventLoop()
    const times = await run(async () => {
      setEventLoop(other)
      await sleep(1)
      await sleep(0)
      return [getRunningLoop().time(), other.time(), getRunningLoop() === other]
    })
    expect(times).toEqual([1, 0, false])
    other.close()
  })

  test('what is awaited before a run belongs to the one that is set', async () => {
    const loop = newEventLoop()
    setEventLoop(loop)
    const early = sleep(1, 'slept').then((word) => [word, loop.time()])
    const once = sleep(0, 'yielded').then((word) => word)
    await loop.runUntilComplete(sleep(2))
    expect(await Promise.all([early, once])).toEqual([['slept', 1], 'yielded'])
    loop.close()
  })

  test('with none set, and none running, nothing can be awaited', () => {
    expect(() => sleep(1).then()).toThrow('no running event loop')
    expect(() => new Future()).toThrow('There is no current event loop')
  })

  test('a loop inside a context has its tasks’ contexts, not that one', () => {
    const variable = new ContextVar<string>('v', { default: 'default' })
    const context = new Context()
    const seen = context.run(() => {
      variable.set('outside')
      const inside = runSync(function* () {
        const before = variable.get()
        variable.set('inside')
        yield* sleep(0)
        return [before, variable.get()]
      })
      return [...inside, variable.get()]
    })
    expect(seen).toEqual(['outside', 'inside', 'outside'])
  })

  test('two loops on one stack are refused, by the simplest of loops too', () => {
    const [outer, inner] = [new VirtualLoop(), new VirtualLoop()]
    let message = ''
    outer.enqueue({
      kind: 'handle', id: 0, since: 0, hop: false,
      run() {
        try {
          inner.runForeverSync()
        } catch (error) {
          message = (error as Error).message
        }
      },
    })
    outer.stop()
    outer.runForeverSync()
    expect(message).toBe('Cannot run the event loop while another loop is running')
  })

  test('a loop that is stopped before its future is done leaves what others wait for', () => {
    const loop = newEventLoop()
    const future = new Future<string>({ loop })
    const gathered = gather([future])
    loop.callSoon(() => loop.stop())
    expect(() => loop.runUntilCompleteSync(future)).toThrow('Event loop stopped')
    future.setResult('x')
    expect(loop.runUntilCompleteSync(gathered)).toEqual(['x'])
    loop.close()
  })
})

describe('asCompleted hands over to who came first, when somebody else gives up', () => {
  test('also where nothing has come yet', () => {
    const log = runSync(function* () {
      const futures = [new Future<string>(), new Future<string>(), new Future<string>()]
      const seen: string[] = []
      const tasks = [...asCompleted(futures)].map((next, i) =>
        createTask(function* () {
          seen.push(`${i}: ${yield* next as Awaitable<string>}`)
        }),
      )
      yield* sleep(1)
      tasks[0]?.cancel()
      yield* sleep(1)
      futures[2]?.setResult('first')
      yield* sleep(1)
      futures[0]?.setResult('second')
      yield* gather(tasks, { returnExceptions: true })
      return seen
    })
    expect(log).toEqual(['1: first', '2: second'])
  })
})

describe('words', () => {
  test('a future that is its own result', () => {
    runSync(function* () {
      const f = new Future<unknown>()
      f.setResult(f)
      expect(String(f)).toBe('<Future finished result=...>')
      const list = new Future<unknown>()
      list.setResult([1, list])
      expect(String(list)).toBe('<Future finished result=[1, ...]>')
      expect(String(f)).toBe('<Future finished result=...>')
    })
  })

  test('an error class is made without arguments', () => {
    runSync(function* () {
      const f = new Future<unknown>()
      f.setException(RangeError)
      expect(f.exception()).toEqual(new RangeError())
      expect((f.exception() as Error).message).toBe('')
      for (const thrown of [() => {}, function plain() {}, Map]) {
        const other = new Future<unknown>()
        other.setException(thrown)
        expect(other.exception()).toBe(thrown)
      }
    })
  })

  test('handles, whose callback has a name or not', () => {
    runSync(function* () {
      const loop = getRunningLoop()
      const handles = [loop.callSoon(function named() {}), loop.callSoon((() => () => {})()), loop.callLater(2, function late() {})]
      expect(handles.map(String)).toEqual(['<Handle named()>', '<Handle callback()>', '<TimerHandle when=2 late()>'])
      for (const h of handles) h.cancel()
      expect(handles.map(String)).toEqual(['<Handle cancelled>', '<Handle cancelled>', '<TimerHandle cancelled when=2>'])
      loop.setDebug(true)
      const debugged = loop.callSoon(function named(...all: unknown[]) { return all }, 1, 'x')
      expect(String(debugged)).toMatch(/^<Handle named\(1, x\) created at .*loops-and-words\.spec\.ts:\d+>$/)
      debugged.cancel()
      expect(String(debugged)).toMatch(/^<Handle cancelled named\(1, x\) created at .*loops-and-words\.spec\.ts:\d+>$/)
    })
  })

  test('places in the ready queue that are not there', () => {
    const queue = new ReadyQueue()
    const r = { kind: 'handle' as const, id: 1, since: 0, hop: false, run: () => {} }
    expect(() => queue.shift()).toThrow('the ready queue is empty')
    for (let i = 0; i < 3; i++) queue.push(r)
    for (const call of [() => queue.at(3), () => queue.takeAt(3), () => queue.at(7)]) {
      expect(call).toThrow(RangeError)
      expect(call).toThrow(/no element [37] in a ready queue of 3/)
    }
    for (let i = 3; i < 300; i++) queue.push(r)
    queue.takeAt(150)
    expect(() => queue.takeAt(300)).toThrow('no element 300 in a ready queue of 299')
    expect(() => queue.at(299)).toThrow('no element 299 in a ready queue of 299')
    for (let n = 299; n > 100; n--) {
      expect(() => queue.at(n)).toThrow(RangeError)
      expect(queue.takeAt(n >> 1)).toBe(r)
    }
    expect(queue.length).toBe(100)
  })

  test('where a thing was made is said of a function without a name, too', () => {
    const loop = newEventLoop()
    loop.setDebug(true)
    const line = Number(/:(\d+):\d+\)?$/.exec((new Error().stack ?? '').split('\n')[1] ?? '')?.[1])
    const made = [(() => () => new Future({ loop }))()()]
    expect(String(made[0])).toMatch(new RegExp(`loops-and-words\\.spec\\.ts:${line + 1}>$`))
    loop.close()
  })

  test('a coroutine of the library that nobody has awaited is named by what made it', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const loop = new EventLoop()
    loop.setDebug(true)
    // A busy machine may make a step slow.
    loop.slowCallbackDuration = 600
    loop.runUntilCompleteSync(function* () {
      sleep(1)
      yield* sleep(0)
    })
    loop.setDebug(false)
    loop.runUntilCompleteSync(function* () {
      sleep(2)
      yield* sleep(0)
    })
    loop.close()
    expect(warn.mock.calls.map((c) => String(c[0]))).toEqual([
      expect.stringMatching(/^RuntimeWarning: coroutine 'sleep' was never awaited \(created at .*loops-and-words\.spec\.ts:\d+\)$/),
    ])
  })
})

describe('what debug mode says', () => {
  test('names a step that was slow, and nothing where none ran', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const loop = newEventLoop()
    loop.setDebug(true)
    loop.slowCallbackDuration = 0
    await loop.runUntilComplete(async () => {
      await sleep(1)
      await sleep(1)
    })
    const said = warn.mock.calls.map((c) => / \(after .*\) /.exec(String(c[0]))?.[0] ?? String(c[0]))
    expect(said).toEqual([' (after start) ', ' (after sleep(1)) ', ' (after sleep(1)) '])
    loop.close()
  })

  test('where a handle was made; out of it nothing is said of that', () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    for (const debug of [true, false]) {
      const loop = newEventLoop()
      loop.setDebug(debug)
      loop.callSoon(function failing() { throw new RangeError('of no use') })
      loop.callSoon(() => loop.stop())
      loop.runForeverSync()
      loop.close()
    }
    const said = error.mock.calls.map((c) => String(c[0]))
    expect(said).toHaveLength(2)
    expect(said.map((text) => text.includes('RangeError: of no use'))).toEqual([true, true])
    expect(said.map((text) => text.includes('Object created at: '))).toEqual([true, false])
  })

  test('that nobody has awaited a coroutine, also where there is no stack to say whose', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const { stackTraceLimit } = Error
    const loop = newEventLoop()
    loop.setDebug(true)
    loop.slowCallbackDuration = 600
    try {
      Error.stackTraceLimit = 0
      loop.runUntilCompleteSync(function* () {
        sleep(1)
        yield* sleep(0)
      })
    } finally {
      Error.stackTraceLimit = stackTraceLimit
    }
    loop.close()
    expect(warn.mock.calls).toEqual([['RuntimeWarning: a coroutine was never awaited']])
  })
})

test('who watches for generators that native code awaits ends its own watch only, and once', async () => {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const awaiting = async (): Promise<number> => {
    const before = warn.mock.calls.length
    await ((function* () {})() as unknown as Promise<void>)
    return warn.mock.calls.length - before
  }
  const [first, second] = [watchBareGenerators(), watchBareGenerators()]
  first()
  first()
  expect(await awaiting()).toBe(1)
  second()
  expect(await awaiting()).toBe(0)
})

test('closing a loop says once what was left in it', () => {
  const loop = newEventLoop()
  const said: string[] = []
  loop.setExceptionHandler((_, { message }) => said.push(message))
  loop.createTask(() => sleep(1))
  const failed = new Future({ loop })
  failed.setException(new RangeError())
  loop.close()
  loop.close()
  expect(said).toEqual(['Future exception was never retrieved', 'Task was destroyed but it is pending!'])
})

describe('a task', () => {
  test('may be made without its loop', () => {
    expect(runSync(function* () {
      const task = new Task(function* () { return 'done' })
      return [task.getName(), task.getLoop() === getRunningLoop(), yield* task]
    })).toEqual(['Task-2', true, 'done'])
  })
})

describe('a task that starts at once', () => {
  test('keeps its coroutine while it is not done, and lets go of it when it is', () => {
    runSync(function* () {
      const loop = getRunningLoop()
      const [long, short] = [(function* () { yield* sleep(1) })(), (function* () {})()]
      const tasks = [long, short].map((c) => new Task(c, { loop, eagerStart: true }))
      expect(tasks.map((t) => t.getCoro() === long || t.getCoro())).toEqual([true, null])
      yield* gather(tasks)
      expect(tasks.map((t) => t.getCoro() === long || t.getCoro())).toEqual([true, null])
    })
  })

  test('one that only observes a promise has no step of its own', async () => {
    const log = await run(async () => {
      const loop = getRunningLoop()
      const before = loop.steps
      const observer = createTask(Promise.resolve('value'))
      expect(loop.ready.length).toBe(0)
      expect(loop.steps).toBe(before)
      const never = createTask(new Promise(() => {}))
      expect([never.cancel('m'), never.done(), never.cancelled(), never.cancelling()]).toEqual([true, true, true, 1])
      return await observer
    })
    expect(log).toBe('value')
  })
})
