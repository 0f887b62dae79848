import { describe, expect, test } from 'vitest'
import { entries } from './docs/exports.ts'

/*
 * The frozen surface of the built package, found by its own name as its users find it. A name that is new is added here
 * with the change that brings it; one that goes, or that gets out by accident, fails.
 */
const PUBLIC: Record<string, string> = {
  exploring: 'check checkSync explore replay run runSync',
  'failure files': 'InvalidFailureFileError describeFailure failureFileText fileCorpus parseFailureFile regressionTest terminalStyle',
  'its errors': 'DeadlockError InterleavingError InvalidTokenError ReplayMismatchError StepLimitError',
  'simulated I/O, faults and cancellation': 'Connection IoError LeftoverError abortAnywhere cancelAnywhere io ioFetch ioObject',
  'the outside world': 'Shared choose external pause shared sometimes track',
  tasks: 'Task TaskGroup allTasks asCompleted createTask currentTask eagerTaskFactory ensureFuture gather isCoroutine isCoroutineFunction isFuture shield sleep wait waitFor',
  time: 'Timeout timeout timeoutAt',
  'constants of wait': 'ALL_COMPLETED FIRST_COMPLETED FIRST_EXCEPTION',
  loops: 'EventLoop Future Handle Runner TimerHandle getEventLoop getRunningLoop newEventLoop setEventLoop',
  contexts: 'Context ContextVar copyContext',
  threads: 'ConcurrentCancelledError ConcurrentFuture ConcurrentInvalidStateError runCoroutineThreadsafe runInExecutor toThread wrapFuture',
  synchronisation: 'Barrier BoundedSemaphore Condition Event LifoQueue Lock PriorityQueue Queue Semaphore',
  "asyncio's errors": 'BrokenBarrierError CancelledError InvalidStateError QueueEmpty QueueFull QueueShutDown TimeoutError',
  "Python's errors":
    'AssertionError BaseException BaseExceptionGroup ExceptionGroup KeyboardInterrupt LookupError RuntimeError SystemExit ValueError isException',
}

const OTHERS: Record<string, string> = {
  'heddle/strategies': 'auto delay dpor exhaustive fifo pct portfolio pos preemption race random sequencer strategyNamed surw urw',
  'heddle/fast-check': 'concurrentModelRun scheduleOf schedules',
  'heddle/vite': 'default heddle',
  'heddle/vitest': 'it test withExplore',
  'heddle/vitest/reporter': 'default',
  'heddle/vitest/runner': 'default',
}

describe('the built package', () => {
  test('heddle exports these names and no others', async () => {
    const names = Object.values(PUBLIC).flatMap((line) => line.split(' '))
    expect(Object.keys(await import('heddle')).toSorted()).toEqual(names.toSorted())
  })

  test.each(Object.entries(OTHERS))('%s exports these', async (entry, names) => {
    const found: Record<string, unknown> = await import(/* @vite-ignore */ entry)
    expect(Object.keys(found).toSorted()).toEqual(names.split(' '))
  })

  test('there are no other entry points', () => {
    expect(Object.keys(entries).toSorted()).toEqual(['heddle', ...Object.keys(OTHERS)].toSorted())
  })

  test('nothing else can be imported from it', async () => {
    for (const path of ['heddle/dist/loop/loop.js', 'heddle/loop', 'heddle/src/index.ts']) {
      await expect(import(/* @vite-ignore */ path)).rejects.toThrow()
    }
  })

  test('errors have their own names', async () => {
    const heddle = (await import('heddle')) as unknown as Record<string, unknown>
    const errors = [...(PUBLIC["asyncio's errors"] as string).split(' '), 'RuntimeError', 'ValueError', 'SystemExit', 'KeyboardInterrupt']
    for (const name of errors) {
      const made = Reflect.construct(heddle[name] as new (m: string) => Error, ['message']) as Error
      expect(made).toBeInstanceOf(Error)
      expect([made.name, made.message]).toEqual([name, 'message'])
    }
    for (const name of ['BaseExceptionGroup', 'ExceptionGroup']) {
      const made = Reflect.construct(heddle[name] as new (...a: unknown[]) => AggregateError, ['message', [new Error('a')]]) as AggregateError
      expect(made).toBeInstanceOf(AggregateError)
      expect([made.name, made.message, made.errors.length]).toEqual([name, 'message', 1])
    }
  })

  test('finds, minimises and replays as the sources do', async () => {
    const { check, gather, pause, replay } = await import('heddle')
    const { exhaustive } = await import('heddle/strategies')
    const body = async () => {
      let n = 0
      const increment = async () => {
        const before = n
        await pause()
        n = before + 1
      }
      await gather([() => increment(), () => increment()])
      if (n !== 2) throw new Error('lost update')
    }
    const report = await check(body, { strategy: exhaustive(), bail: false })
    expect(report).toMatchObject({ schedules: 6, failures: 4, exhausted: true })
    const token = report.failure?.token as string
    expect((await replay(body, token)).failure?.token).toBe(token)
  })
})
