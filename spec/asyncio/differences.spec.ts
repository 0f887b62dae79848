import { afterEach, describe, expect, test, vi } from 'vitest'
import { check, createTask, Future, gather, newEventLoop, run, runSync, sleep } from '../../src/index.ts'

/** Where JavaScript makes Heddle differ from asyncio, and what asyncio's debug mode adds. */
afterEach(() => {
  vi.restoreAllMocks()
})

describe('documented differences from CPython', () => {
  test('a Future returned through await is unwrapped by JavaScript; under yield* it is not', async () => {
    const answer = function* () {
      const inner = new Future<number>()
      inner.setResult(1)
      yield* sleep(0)
      return inner
    }
    expect(runSync(function* () {
      return (yield* createTask(answer)) instanceof Future
    })).toBe(true)
    const unwrapped = await run(async () => {
      const value: unknown = await createTask(answer)
      return typeof value
    })
    expect(unwrapped).toBe('number')
  })

  test('task names count from 1 in every run', () => {
    const names = () =>
      runSync(function* () {
        return (yield* gather([createTask(function* () {}), createTask(function* () {})])) && createTask(function* () {}).getName()
      })
    expect(names()).toBe('Task-4')
    expect(names()).toBe('Task-4')
  })

  test('a bare generator that is awaited natively is reported as never started', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    let started = false
    const body = async () => {
      // Said once in a run, however often it is done.
      for (let i = 0; i < 2; i++) {
        await (function* () {
          started = true
        })()
      }
    }
    await run(body)
    expect(warn).toHaveBeenCalledOnce()
    expect(warn.mock.calls[0]?.[0]).toBe(
      'heddle: a generator was awaited by native code, which never started it. Make it a task with createTask(), give it to ' +
        'gather(), or use yield* in a generator.',
    )
    await check(body)
    expect(warn).toHaveBeenCalledTimes(2)
    expect(started).toBe(false)
  })

  test('R097 a pending task is told of when its loop is closed, not when it is collected', () => {
    const loop = newEventLoop()
    const told: string[] = []
    loop.setExceptionHandler((_, context) => told.push(`${context.message} ${context.task?.getName()}`))
    const task = loop.createTask(function* () {
      yield* new Future()
    }, { name: 'left' })
    loop.callSoon(() => loop.stop())
    loop.runForeverSync()
    expect(told).toEqual([])
    loop.close()
    expect(told).toEqual(['Task was destroyed but it is pending! left'])
    expect(task.done()).toBe(false)
  })

  test('generators are as they were once no run is under way', async () => {
    await run(async () => {})
    expect('then' in (function* () {})()).toBe(false)
  })

  test('a generator that Heddle itself looks at is no awaited one', async () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    await run(async () => {
      await gather([(function* () {})(), createTask((function* () {})()), () => (function* () {})()])
    })
    expect(warn).not.toHaveBeenCalled()
  })
})

describe('debug mode: what blocks the loop', () => {
  function spin(milliseconds: number): void {
    const end = performance.now() + milliseconds
    while (performance.now() < end);
  }

  test.each(['generators', 'native'])('a synchronous spin of real time in a step is reported (%s)', async (front) => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const loop = newEventLoop()
    loop.setDebug(true)
    loop.slowCallbackDuration = 0.02
    if (front === 'generators') {
      loop.runUntilCompleteSync(function* () {
        yield* sleep(1)
        spin(30)
      })
    } else {
      await loop.runUntilComplete(async () => {
        await sleep(1)
        spin(30)
      })
    }
    // A busy machine may make other steps slow, too.
    const said = warn.mock.calls.map((c) => String(c[0])).filter((text) => text.includes('blocked the loop'))
    expect(said.join('\n')).toMatch(/Task-1 \(after sleep\(1\)\) took \d+\.\d\d\d seconds/)
  })

  test('virtual time costs none', () => {
    const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
    const loop = newEventLoop()
    loop.setDebug(true)
    loop.slowCallbackDuration = 60
    loop.runUntilCompleteSync(function* () {
      yield* sleep(3600)
    })
    expect(warn).not.toHaveBeenCalled()
  })
})
