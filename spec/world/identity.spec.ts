import { describe, expect, test } from 'vitest'
import { AsyncLocalStorage } from 'node:async_hooks'
import { CancelledError, check, createTask, currentTask, external, gather, getRunningLoop, io, pause, sleep } from '../../src/index.ts'
import { once } from './outcomes.ts'

describe('a task stays itself through native awaits', () => {
  test('also where another task settles the promise that it awaits', async () => {
    const seen: (string | undefined)[] = []
    await once(async () => {
      let open = (): void => {}
      const gate = new Promise<void>((r) => (open = r))
      const waiter = createTask(async () => {
        await gate
        seen.push(currentTask()?.getName())
        await pause('after the gate')
        seen.push(currentTask()?.getName())
      }, { name: 'waiter' })
      const opener = createTask(async () => {
        await pause('before the gate')
        open()
        await Promise.resolve()
        seen.push(currentTask()?.getName())
      }, { name: 'opener' })
      await gather([waiter, opener])
    })
    expect(seen.toSorted()).toEqual(['opener', 'waiter', 'waiter'])
  })

  test('so that cancelling it reaches the wait, and only its own', async () => {
    const ends: string[] = []
    await once(async () => {
      let open = (): void => {}
      const gate = new Promise<void>((r) => (open = r))
      const noting = (name: string) => async (): Promise<void> => {
        try {
          if (name === 'opener') open()
          else await gate
          await sleep(1000)
          ends.push(`${name} slept`)
        } catch (e) {
          ends.push(`${name} ${e instanceof CancelledError ? 'cancelled' : String(e)}`)
        }
      }
      const waiter = createTask(noting('waiter'), { name: 'waiter' })
      const opener = createTask(noting('opener'), { name: 'opener' })
      await sleep(1)
      waiter.cancel()
      await gather([waiter, opener])
    })
    expect(ends).toEqual(['waiter cancelled', 'opener slept'])
  })

  test('also in what a callback goes on to do that was given to then()', async () => {
    const seen: (string | undefined)[] = []
    const storage = new AsyncLocalStorage<string>()
    const read = (callback: () => void): void => void pause('read').then(callback)
    await once(async () => {
      await gather(['a', 'b'].map((name) => createTask(() => storage.run(`store of ${name}`, () => new Promise<void>((resolve) => {
        read(async () => {
          await Promise.resolve()
          seen.push(`${currentTask()?.getName()} ${storage.getStore()}`)
          setTimeout(() => {
            seen.push(`${currentTask()?.getName()} ${storage.getStore()}`)
            process.nextTick(() => read(resolve))
          }, 10)
        })
      })), { name })))
    })
    expect(seen.toSorted()).toEqual(['a store of a', 'a store of a', 'b store of b', 'b store of b'])
  })

  test('and its timers are those of the schedule, whichever chain of callbacks arms them', async () => {
    const report = await check(async () => {
      await pause('a').then(async () => {
        await Promise.resolve()
        const before = Date.now()
        await new Promise<void>((r) => process.nextTick(() => setTimeout(r, 50)))
        if (Date.now() - before !== 50) throw new Error('real time')
      })
      await new Promise<void>((r) => void sleep(1).then(() => queueMicrotask(() => Promise.resolve().then(() => setTimeout(r, 50)))))
    })
    expect(report).toMatchObject({ failures: 0, exhausted: true })
  })

  test('a timer’s callback belongs to the task that armed it', async () => {
    const seen: (string | undefined)[] = []
    await once(async () => {
      await gather(['a', 'b'].map((name) => createTask(async () => {
        await new Promise((r) => setTimeout(r, 10))
        seen.push(currentTask()?.getName())
        await new Promise<void>((r) => setTimeout(() => { seen.push(currentTask()?.getName()); r() }, 10))
      }, { name })))
    })
    expect(seen).toEqual(['a', 'b', 'a', 'b'])
  })
})

test('the program’s own AsyncLocalStorage goes through replaced timers and pauses', async () => {
  const storage = new AsyncLocalStorage<string>()
  const seen: (string | undefined)[] = []
  await once(async () => {
    await Promise.all(['x', 'y'].map((value) => storage.run(value, async () => {
      await pause()
      seen.push(storage.getStore())
      await new Promise((r) => setTimeout(r, 5))
      seen.push(storage.getStore())
      await new Promise<void>((r) => setImmediate(() => { seen.push(storage.getStore()); r() }))
    })))
  })
  expect(seen.toSorted()).toEqual(['x', 'x', 'x', 'y', 'y', 'y'])
})

describe('what the loop itself calls belongs to the run, after each native await too', () => {
  test.each<[string, (f: () => Promise<void>) => unknown]>([
    ['callSoon', (f) => getRunningLoop().callSoon(f)],
    ['callLater', (f) => getRunningLoop().callLater(1, f)],
    ['addDoneCallback', (f) => createTask(async () => {}).addDoneCallback(f)],
    ['the function of an external', (f) => external('outside', f)],
    ['an io function', (f) => io(f)()],
  ])('%s', async (_, call) => {
    const times: number[] = []
    await once(async () => {
      let done = (): void => {}
      const ended = new Promise<void>((r) => (done = r))
      call(async () => {
        const start = performance.now()
        for (let i = 0; i < 3; i++) {
          await new Promise((r) => setTimeout(r, 1000))
          times.push(performance.now() - start)
        }
        done()
      })
      await ended
    })
    expect(times).toEqual([1000, 2000, 3000])
  })
})
