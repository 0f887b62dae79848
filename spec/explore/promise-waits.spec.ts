import { describe, expect, test } from 'vitest'
import { check, createTask, type FailureFile, gather, Lock, pause, sleep, timeout } from '../../src/index.ts'
import { marksIn } from '../support/marks.ts'

const line = marksIn(import.meta.url)

async function fileOf(body: () => unknown, kind: string): Promise<FailureFile> {
  const { failure } = await check(body, { strategy: 'fifo' })
  expect(failure?.kind).toBe(kind)
  return failure?.file as FailureFile
}

/** What each task waits for, and at which lines of this file. */
function waitsOf(file: FailureFile): Record<string, [string, ...number[]]> {
  const found: Record<string, [string, ...number[]]> = {}
  for (const w of file.waits ?? []) {
    const known = (found[w.task] ??= [w.waitsFor])
    if (w.waitsAt?.file.endsWith('promise-waits.spec.ts') === true) known.push(w.waitsAt.line)
  }
  return found
}

const forever = new Promise<never>(() => {})

describe('a task that waits for a promise which the loop knows nothing of', () => {
  test('the line of its await, and a frame of the code there', async () => {
    const file = await fileOf(async () => {
      await pause()
      await new Promise(() => {}) // bare
    }, 'deadlock')
    expect(waitsOf(file)).toEqual({ 'Task-1': ['a native promise', line('bare')] })
    expect(file.frames?.filter((f) => f.note !== undefined).map((f) => [f.at.line, f.note])).toEqual([[line('bare'), 'Task-1 waits here for ever']])
  })

  test('a promise that was made outside the run', async () => {
    const file = await fileOf(async () => {
      await forever // outside
    }, 'deadlock')
    expect(waitsOf(file)).toEqual({ 'Task-1': ['a native promise', line('outside')] })
  })

  test('of async functions that wait for each other the innermost', async () => {
    const file = await fileOf(async () => {
      const inner = async (): Promise<void> => {
        await Promise.resolve()
        await sleep(1)
        await new Promise(() => {}) // innermost
      }
      const middle = async (): Promise<void> => {
        await inner()
      }
      await middle()
    }, 'deadlock')
    expect(waitsOf(file)).toEqual({ 'Task-1': ['a native promise', line('innermost')] })
  })

  test('each of several branches', async () => {
    const file = await fileOf(async () => {
      const branch = async (): Promise<void> => {
        await pause()
        await new Promise(() => {}) // branch
      }
      await Promise.all([
        branch(),
        forever.then(() => 1), // then
      ])
    }, 'deadlock')
    const [words, ...lines] = waitsOf(file)['Task-1'] ?? ['']
    expect(words).toBe('a native promise')
    expect(lines.toSorted((a, b) => a - b)).toEqual([line('branch'), line('then')])
  })

  test('inside the body that a lock is held for', async () => {
    const file = await fileOf(async () => {
      const lock = new Lock({ name: 'l' })
      await gather([
        createTask(() => lock.with(() => forever), { name: 'direct' }),
        createTask(
          async () => {
            await lock.with(async () => {
              await forever
            })
          },
          { name: 'behind' },
        ),
      ])
    }, 'deadlock')
    expect(waitsOf(file)['direct']?.[0]).toBe('a native promise')
    expect(waitsOf(file)['behind']?.[0]).toBe("Lock 'l'")
  })

  test('each task its own, in a leak', async () => {
    const file = await fileOf(async () => {
      const stuck = async (): Promise<void> => {
        await forever // stuck
      }
      createTask(stuck, { name: 'a' })
      createTask(() => stuck(), { name: 'b' })
      createTask(async () => sleep(5), { name: 'c' })
      await sleep(1)
    }, 'leak')
    expect(waitsOf(file)).toMatchObject({
      a: ['a native promise', line('stuck')],
      b: ['a native promise', line('stuck')],
      c: ['sleep(5)', expect.any(Number)],
    })
  })

  test('each task its own line', async () => {
    const file = await fileOf(async () => {
      const first = async (): Promise<void> => {
        await forever // one of them
      }
      const second = async (): Promise<void> => {
        await forever // the other one
      }
      createTask(first, { name: 'a' })
      createTask(second, { name: 'b' })
      await sleep(1)
    }, 'leak')
    expect(waitsOf(file)).toEqual({ a: ['a native promise', line('one of them')], b: ['a native promise', line('the other one')] })
  })

  test('one that goes on is none', async () => {
    const file = await fileOf(async () => {
      createTask(
        async () => {
          await Promise.resolve(1).then(() => 2)
          await Promise.all([Promise.resolve(), pause()])
          await sleep(100) // own
        },
        { name: 'a' },
      )
      await sleep(1)
    }, 'leak')
    expect(waitsOf(file)).toEqual({ a: ['sleep(100)', line('own')] })
  })

  test('whose time runs out', async () => {
    const file = await fileOf(async () => {
      await timeout(2, async () => {
        await pause()
        await forever // timed
      })
    }, 'error')
    expect(file.error.name).toBe('TimeoutError')
    expect(file.timeouts?.map((t) => [t.task, t.waitsFor, t.waitsAt?.line])).toEqual([['Task-1', 'a native promise', line('timed')]])
  })
})

test('a task that has not begun waits for nothing yet', async () => {
  const file = await fileOf(async () => {
    createTask(async () => forever, { name: 'late' })
  }, 'leak')
  expect(waitsOf(file)).toEqual({ late: ['its turn to start'] })
})
