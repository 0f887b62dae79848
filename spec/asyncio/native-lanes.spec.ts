import { describe, expect, test } from 'vitest'
import { check, createTask, gather, Lock, pause, Queue, run, Semaphore, sleep, timeout, toThread } from '../../src/index.ts'

/** The lanes of each label of a native body's trace, numbered as they come. */
async function lanesOf(body: () => Promise<unknown>): Promise<Record<string, number>> {
  const { failure } = await check(
    async () => {
      await body()
      throw new Error('the end')
    },
    { strategy: 'fifo' },
  )
  expect(String(failure?.error)).toBe('Error: the end')
  const numbers = new Map<number | undefined, number>()
  const lanes: Record<string, number> = {}
  for (const { label, lane } of failure?.file.failing.steps ?? []) {
    if (!numbers.has(lane)) numbers.set(lane, numbers.size + 1)
    lanes[label ?? ''] = numbers.get(lane) ?? 0
  }
  return lanes
}

describe('what does not wait takes no lane: the first wait of a step goes on with its own', () => {
  test('a free lock, a permit, an item that is there, room for one', async () => {
    const lanes = await lanesOf(async () => {
      const queue = new Queue<number>(1)
      await new Lock().acquire()
      await new Semaphore(1).acquire()
      await queue.put(1)
      await queue.get()
      await pause('a')
      await new Lock().acquire()
      await sleep(1)
    })
    expect(lanes).toEqual({ start: 1, a: 1, 'sleep(1)': 1 })
  })

  test('the body that a lock is held for, or that has a time limit', async () => {
    const lanes = await lanesOf(async () => {
      await new Lock().with(async () => {
        await pause('a')
        await timeout(9, async () => {
          await pause('b')
        })
      })
      await pause('c')
    })
    expect(lanes).toEqual({ start: 1, a: 1, b: 1, c: 1 })
  })

  test('a second wait of one step has a lane of its own', async () => {
    const lanes = await lanesOf(() => Promise.all([pause('a'), pause('b'), sleep(1)]))
    expect(lanes).toEqual({ start: 1, a: 1, b: 2, 'sleep(1)': 3 })
  })

  test('and so a task that goes on after a free lock is no switch', async () => {
    const { failure } = await check(
      async () => {
        const [a, b] = [new Lock({ name: 'a' }), new Lock({ name: 'b' })]
        const both = (first: Lock, second: Lock) => async (): Promise<void> => {
          await first.acquire()
          await pause()
          await second.acquire()
          second.release()
          first.release()
        }
        await gather([createTask(both(a, b)), createTask(both(b, a))])
      },
      { strategy: 'exhaustive' },
    )
    expect(failure?.kind).toBe('deadlock')
    expect(failure?.switches).toBe(1)
    expect(new Set(failure?.trace.steps.map((s) => s.lane)).size).toBe(3)
  })

  test('jobs of an executor have the lanes of the waits for them', async () => {
    const lanes = await lanesOf(() => Promise.all([toThread(function a() {}), toThread(function b() {}), pause('c')]))
    expect(lanes).toMatchObject({ start: 1, a: 1 })
    expect(new Set([lanes['a'], lanes['b'], lanes['c']]).size).toBe(3)
  })

  test('a timer that a step asks for goes on with its lane, if nothing else of the step waits', async () => {
    const tick = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms))
    expect(await lanesOf(async () => {
      await tick(1)
      await pause('a')
    })).toMatchObject({ start: 1, a: 1 })
    const lanes = await lanesOf(async () => {
      const waiting = tick(1)
      await pause('a')
      await waiting
      await pause('b')
    })
    expect(Object.keys(lanes)).toHaveLength(4)
    const timer = Object.entries(lanes).find(([label]) => label.includes('setTimeout'))
    expect(timer?.[1]).toBe(2)
    expect(lanes).toMatchObject({ start: 1, a: 1 })
  })

  test('a task that another one’s step wakes keeps its own lane', async () => {
    const { failure } = await check(
      async () => {
        let go: () => void = () => {}
        const gate = new Promise<void>((resolve) => {
          go = resolve
        })
        const woken = createTask(async () => {
          await pause('a1')
          await gate
          await pause('a2')
          await pause('a3')
        })
        const waker = createTask(async () => {
          await sleep(1)
          go()
          await pause('b')
        })
        await gather([woken, waker])
        throw new Error('the end')
      },
      { strategy: 'fifo' },
    )
    const laneOf = (label: string): number | undefined => failure?.file.failing.steps.find((s) => s.label === label)?.lane
    expect(laneOf('a2')).toBe(laneOf('a1'))
    expect(laneOf('a3')).toBe(laneOf('a1'))
    expect(laneOf('b')).toBe(laneOf('sleep(1)'))
    expect(laneOf('b')).not.toBe(laneOf('a1'))
  })

  test('and a wait that it begins then, beside one under way, has a lane of its own', async () => {
    const lanes = await lanesOf(async () => {
      let go: () => void = () => {}
      const gate = new Promise<void>((resolve) => {
        go = resolve
      })
      const woken = createTask(() => Promise.all([sleep(5).then(() => pause('a2')), gate.then(() => pause('a3'))]))
      const waker = createTask(async () => {
        await sleep(1)
        go()
      })
      await sleep(0)
      await gather([woken, waker])
    })
    expect(lanes['a2']).toBe(lanes['sleep(5)'])
    expect(new Set([lanes['a2'], lanes['a3'], lanes['sleep(1)']]).size).toBe(3)
  })
})

test('a lane that cleans up goes on, and gets what it waits for, after another one has ended its task by the same cancellation', async () => {
  const seen: string[] = []
  await run(async () => {
    const cleaning = async (): Promise<void> => {
      try {
        await sleep(10)
      } catch {
        seen.push(await sleep(1, 'flushed'), await sleep(1, 'closed'))
      }
    }
    const task = createTask(() => Promise.all([cleaning(), sleep(10)]))
    await sleep(1)
    task.cancel()
    await task.catch((error: unknown) => seen.push((error as Error).name))
    await sleep(5)
  })
  expect(seen).toEqual(['CancelledError', 'flushed', 'closed'])
})
