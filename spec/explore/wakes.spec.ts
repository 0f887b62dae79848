import { describe, expect, test } from 'vitest'
import {
  Barrier,
  check,
  Condition,
  type Coroutine,
  createTask,
  describeFailure,
  Event,
  type FailureFile,
  failureFileText,
  Future,
  gather,
  getRunningLoop,
  InvalidFailureFileError,
  Lock,
  parseFailureFile,
  pause,
  Queue,
  Semaphore,
  shared,
  sleep,
} from '../../src/index.ts'

class End extends Error {}

/** The file of a body that fails at its end, under FIFO. */
async function fileOf(body: () => unknown): Promise<FailureFile> {
  const { failure } = await check(body, { strategy: 'fifo', leaks: 'ignore' })
  expect(failure?.error).toBeInstanceOf(End)
  return failure?.file as FailureFile
}

/** Who has made whom ready: `a releases Lock 'l' -> b from …`, without the starts of tasks. */
function arrows({ failing: { steps, wakes = [] } }: FailureFile): string[] {
  return wakes
    .filter((w) => w.how !== 'starts it')
    .map((w) => `${steps[w.by]?.task} ${w.how} -> ${steps[w.entry]?.task} from ${steps[w.entry]?.label}`)
}

/** The two front ends: `a` begins first, and lets `b` go on. */
const pairs: Record<string, [make: () => { a: () => unknown; b: () => unknown }, arrow: string]> = {
  lock: [
    () => {
      const l = new Lock({ name: 'l' })
      return {
        *a(): Coroutine<void> {
          yield* l.acquire()
          yield* sleep(1)
          l.release()
        },
        b: () => l.with(() => undefined),
      }
    },
    "a releases Lock 'l' -> b from Lock 'l'",
  ],
  semaphore: [
    () => {
      const s = new Semaphore(1, { name: 's' })
      return {
        async a() {
          await s.acquire()
          await sleep(1)
          s.release()
        },
        b: () => s.acquire(),
      }
    },
    "a releases Semaphore 's' -> b from Semaphore 's'",
  ],
  'an item': [
    () => {
      const q = new Queue<number>({ name: 'q' })
      return { a: async () => (await sleep(1), q.putNowait(1)), b: () => q.get() }
    },
    "a puts an item into Queue 'q' -> b from an item of Queue 'q'",
  ],
  room: [
    () => {
      const q = new Queue<number>(1, { name: 'q' })
      q.putNowait(1)
      return { a: async () => (await sleep(1), q.getNowait()), b: () => q.put(2) }
    },
    "a takes an item from Queue 'q' -> b from room in Queue 'q' (maxsize 1)",
  ],
  join: [
    () => {
      const q = new Queue<number>({ name: 'q' })
      q.putNowait(1)
      return { a: async () => (await sleep(1), q.taskDone()), b: () => q.join() }
    },
    "a finishes the last item of Queue 'q' -> b from join() of Queue 'q' (0 items not done)",
  ],
  event: [
    () => {
      const e = new Event({ name: 'e' })
      return { a: async () => (await sleep(1), e.set()), b: () => e.wait() }
    },
    "a sets Event 'e' -> b from Event 'e'",
  ],
  condition: [
    () => {
      const c = new Condition({ name: 'c' })
      return {
        a: async () => {
          await sleep(1)
          await c.with(() => c.notify())
        },
        b: () => c.with(() => c.wait()),
      }
    },
    "a notifies Condition 'c' -> b from a notification of Condition 'c'",
  ],
  barrier: [
    () => {
      const both = new Barrier(2, { name: 'both' })
      return { a: async () => (await sleep(1), await both.wait()), b: () => both.wait() }
    },
    "a opens Barrier 'both' -> b from Barrier 'both'",
  ],
  future: [
    () => {
      const f = new Future<number>()
      return { a: async () => (await sleep(1), f.setResult(1)), b: () => f }
    },
    'a settles a future -> b from a future',
  ],
  'a condition on a cell': [
    () => {
      const cell = shared(0, 'cell')
      return { a: async () => (await sleep(1), await cell.write(3)), b: () => cell.read({ when: (x) => x === 3 }) }
    },
    'a makes its condition hold -> b from read cell',
  ],
  'a native promise': [
    () => {
      let resolve = (): void => {}
      const promise = new Promise<void>((done) => (resolve = done))
      return { a: async () => (await sleep(1), resolve()), b: async () => (await promise, await pause('after')) }
    },
    'a lets it go on -> b from after',
  ],
}

describe('who made whom ready', () => {
  test.each(Object.entries(pairs))('%s', async (_, [make, arrow]) => {
    const file = await fileOf(async () => {
      const { a, b } = make()
      const first = createTask(a, { name: 'a' })
      const second = createTask(b, { name: 'b' })
      await gather([first, second])
      throw new End()
    })
    const found = arrows(file).map((w) => w.replace(/ \(\d of \d are there\)| \(draining\)/g, '').replace(/ held by \w+/, ''))
    expect(found).toContain(arrow)
    expect(found.filter((w) => w.includes('-> b'))).toEqual([arrow])
  })

  test('who ended the task that was awaited, who cancelled, who made it, who asked for the callback', async () => {
    const file = await fileOf(function* (): Coroutine<void> {
      const worker = createTask(sleep(1), { name: 'worker' })
      const idle = createTask(sleep(100), { name: 'idle' })
      yield* worker
      idle.cancel()
      try {
        yield* idle
      } catch {
        // It was cancelled.
      }
      let called = false
      getRunningLoop().callSoon(() => (called = true))
      yield* sleep(0)
      throw called ? new End() : new Error('the callback comes first')
    })
    expect(arrows(file)).toEqual([
      'worker ends -> Task-1 from worker',
      'Task-1 cancels it -> idle from sleep(100)',
      'idle ends -> Task-1 from idle',
      expect.stringMatching(/^Task-1 queues it -> Task-1 from callback/),
    ])
    const { steps, wakes = [] } = file.failing
    expect(wakes.filter((w) => w.how === 'starts it').map((w) => [steps[w.by]?.task, steps[w.entry]?.task])).toEqual([
      ['Task-1', 'worker'],
      ['Task-1', 'idle'],
    ])
  })

  test('the line that did it is told, a later step it is, and a lane that goes on by itself has no arrow', async () => {
    const file = await fileOf(async () => {
      const e = new Event({ name: 'go' })
      const waiter = createTask(() => e.wait())
      await pause('first')
      await sleep(1)
      e.set()
      await waiter
      throw new End()
    })
    const { steps, wakes = [] } = file.failing
    const set = wakes.find((w) => w.how === "sets Event 'go'")
    expect(set?.at?.file).toMatch(/wakes\.spec\.ts$/)
    expect(steps[set?.by ?? -1]?.label).toBe('sleep(1)')
    for (const w of wakes) {
      expect(w.by).toBeLessThan(w.entry)
      expect(steps[w.by]?.step).toBeLessThan(steps[w.entry]?.step ?? 0)
      expect(steps[w.by]?.lane).not.toBe(steps[w.entry]?.lane)
    }
    expect(wakes.some((w) => steps[w.entry]?.label === 'first')).toBe(false)
  })

  test('gather goes on because of the child that ended last', async () => {
    const file = await fileOf(async () => {
      await gather([createTask(sleep(1), { name: 'quick' }), createTask(sleep(2), { name: 'slow' })])
      throw new End()
    })
    expect(arrows(file)).toEqual(['slow settles gather -> Task-1 from gather'])
  })

  test('the loop is as it was after the run', async () => {
    const loops = new Set<object>()
    await check(
      async () => {
        loops.add(getRunningLoop())
        await pause()
        throw new End()
      },
      { strategy: 'fifo' },
    )
    expect(loops.size).toBeGreaterThan(1)
    for (const loop of loops) for (const name of ['enqueue', 'begin', 'addTimer']) expect(Object.hasOwn(loop, name)).toBe(false)
  })
})

describe('in a failure file', () => {
  const body = async (): Promise<void> => {
    const e = new Event({ name: 'go' })
    const waiter = createTask(() => e.wait())
    await sleep(1)
    e.set()
    await waiter
    throw new End()
  }

  test('they are kept, a line each, and read back', async () => {
    const file = await fileOf(body)
    const text = failureFileText(file)
    expect(parseFailureFile(text).failing.wakes).toEqual(JSON.parse(JSON.stringify(file.failing.wakes)))
    expect(text.split('\n').filter((l) => l.includes('"how":"sets Event'))).toHaveLength(1)
  })

  test('a file without them, as earlier versions wrote it, is still read', async () => {
    const file = await fileOf(body)
    const old = JSON.parse(failureFileText(file))
    delete old.failing.wakes
    const read = parseFailureFile(JSON.stringify(old))
    expect(read.failing.wakes).toBeUndefined()
    expect(describeFailure(read)).toBe(describeFailure(file))
  })

  test.each([
    ['an arrow back in time', { entry: 1, by: 2, how: 'x' }],
    ['an arrow to itself', { entry: 1, by: 1, how: 'x' }],
    ['an arrow from nowhere', { entry: 1, how: 'x' }],
    ['a step that is not there', { entry: 1e6, by: 0, how: 'x' }],
  ])('%s is refused', async (_, wake) => {
    const broken = JSON.parse(failureFileText(await fileOf(body)))
    broken.failing.wakes = [wake]
    expect(() => parseFailureFile(JSON.stringify(broken))).toThrow(InvalidFailureFileError)
  })
})
