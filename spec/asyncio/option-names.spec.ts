import { describe, expect, test } from 'vitest'
import {
  asCompleted,
  type Awaitable,
  check,
  type ChoicePoint,
  createTask,
  Event,
  Future,
  gather,
  getRunningLoop,
  Lock,
  Queue,
  Semaphore,
  shield,
  sleep,
  type Strategy,
  type Suspension,
  TaskGroup,
  toThread,
  wait,
  waitFor,
} from '../../src/index.ts'

/** What a strategy, and so a trace, calls an option: by the task that would go on, and what that has waited for. */

type Seen = { readonly names: Set<string>; readonly lanes: Map<string, Set<number | undefined>> }

const RUNS = 32

/** All options of runs in which the first or the last one is picked, each time anew. */
function watching(): { seen: Seen; strategy: Strategy } {
  const seen: Seen = { names: new Set(), lanes: new Map() }
  let picks = 0
  const strategy: Strategy = {
    name: 'watching',
    begin({ schedule }) {
      picks = schedule
      return schedule <= RUNS
    },
    pick({ options }: ChoicePoint) {
      for (const { task = 'nobody', label = 'nothing', lane } of options) {
        seen.names.add(`${task}: ${label}`)
        seen.lanes.set(task, (seen.lanes.get(task) ?? new Set()).add(lane))
      }
      const last = picks % 2 === 1
      picks >>= 1
      return last ? options.length - 1 : 0
    },
  }
  return { seen, strategy }
}

const ways: Record<string, { wait: (f: Future<number>) => Awaitable<unknown>; label: string }> = {
  future: { wait: (f) => f, label: 'a future' },
  gather: { wait: (f) => gather([f]), label: 'gather' },
  wait: { wait: (f) => wait([f]), label: 'wait' },
  shield: { wait: (f) => shield(f), label: 'shield(a future)' },
  asCompleted: { wait: (f) => [...asCompleted([f])][0] ?? f, label: 'a future' },
  waitFor: { wait: (f) => waitFor(f, 9), label: 'a future' },
  'a shield in a gather': { wait: (f) => gather([shield(f)]), label: 'gather' },
  TaskGroup: { wait: (f) => new TaskGroup().run((group) => void group.createTask(f)), label: 'the tasks of its group' },
  'a task': { wait: (f) => createTask(f, { name: 'inner' }), label: 'inner' },
  sleep: { wait: () => sleep(2), label: 'sleep(2)' },
  'sleep(0)': { wait: () => sleep(0), label: 'its turn' },
}

describe.each(['generators', 'async'])('what wakes a task is called by that task and its wait (%s)', (front) => {
  test.each(Object.keys(ways))('%s', async (name) => {
    const way = ways[name] as (typeof ways)[string]
    const { seen, strategy } = watching()
    const waiting = front === 'async' ? async () => void (await way.wait(f)) : function* () { yield* way.wait(f) }
    let f: Future<number>
    function* body(): Generator<Suspension, void, unknown> {
      f = new Future()
      const waiter = createTask(waiting, { name: 'waiter' })
      createTask(function* () { yield* sleep(2) }, { name: 'other' })
      yield* sleep(1)
      f.setResult(1)
      createTask(function* () {}, { name: 'another' })
      yield* waiter
    }
    const report = await check(front === 'async' ? () => createTask(body) : body, { strategy, leaks: 'ignore' })
    expect(String(report.failure ?? 'passed')).toBe('passed')
    expect([...seen.names]).toEqual(expect.arrayContaining(['waiter: start', 'other: start', `waiter: ${way.label}`]))
    // It is one chain of resumptions, whatever wakes it.
    expect(seen.lanes.get('waiter')?.size).toBe(1)
    expect(seen.lanes.get('nobody')).toBeUndefined()
  })
})

test.each(['generators', 'async'])('who is woken at a lock, a semaphore, a queue touches that first, and its wait says so (%s)', async (front) => {
  const primitives = [new Lock(), new Semaphore(0), new Event(), new Queue<number>()] as const
  for (const primitive of primitives) {
    const declared = new Set<string>()
    let object: number | undefined
    const strategy: Strategy = {
      name: 'watching',
      begin: ({ schedule }) => schedule <= 1,
      pick({ options }) {
        object = primitive.accesses('write')[0]?.object
        for (const { task, label, accesses } of options) if (task === 'waiter' && label !== 'start') declared.add(JSON.stringify(accesses))
        return 0
      },
    }
    const begin = (): Awaitable<unknown> =>
      primitive instanceof Queue ? primitive.get() : primitive instanceof Event ? primitive.wait() : primitive.acquire()
    const waiting = front === 'async' ? async () => void (await begin()) : function* () { yield* begin() }
    function* body(): Generator<Suspension, void, unknown> {
      if (primitive instanceof Lock) yield* primitive.acquire()
      const waiter = createTask(waiting, { name: 'waiter' })
      yield* sleep(1)
      createTask(function* () {}, { name: 'other' })
      if (primitive instanceof Queue) primitive.putNowait(1)
      else if (primitive instanceof Event) primitive.set()
      else primitive.release()
      yield* waiter
    }
    const report = await check(front === 'async' ? () => createTask(body) : body, { strategy, leaks: 'ignore' })
    expect(report.failures).toBe(0)
    expect([...declared]).toEqual([JSON.stringify([{ object, kind: 'write' }])])
  }
})

test('a callback is called by its function and the task that has asked for it; a job by its function', async () => {
  const { seen, strategy } = watching()
  const report = await check(async () => {
    const job = toThread(function digest() {}).then((r) => r)
    getRunningLoop().callSoon(function tick() {})
    getRunningLoop().callSoon((() => () => {})())
    await job
  }, { strategy })
  expect(report.failure).toBeUndefined()
  expect([...seen.names]).toEqual(expect.arrayContaining(['Task-1: callback tick', 'Task-1: callback', 'Task-1: digest']))
})
