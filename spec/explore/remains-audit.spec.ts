import { describe, expect, test } from 'vitest'
import { EventLoop } from '../../src/asyncio/event-loop.ts'
import type { Coroutine } from '../../src/asyncio/awaitable.ts'
import { Task } from '../../src/asyncio/task.ts'
import type { Fault, Outcome, Request } from '../../src/explore/execution.ts'
import { Lenient, type Picks } from '../../src/explore/picks.ts'
import { type Audit, auditing, type Found, RemainsAudit, withRemains } from '../../src/explore/remains-audit.ts'
import { pause, sleep } from '../../src/index.ts'
import { interruptionsOf } from '../../src/world/cancel/interruptions.ts'
import type { Remains } from '../../src/world/cancel/remains.ts'
import type { World } from '../../src/world/world.ts'
import { values } from '../strategies/points.ts'

/** When a schedule is looked at for what an interruption leaves behind, and what of it counts. */

type Left = NonNullable<Outcome['left']>
interface Ended {
  readonly at?: string | null
  readonly left?: Left | undefined
  readonly fault?: Fault
}

/** A schedule's end: interrupted at a place of its own, nowhere, or (null) with no place at all. */
function ended({ at, left, fault }: Ended): Outcome {
  const places = new Map(at === null ? [] : [['elsewhere', false] as const, ...(at === undefined ? [] : [[at, true] as const])])
  return { fault: fault ?? null, steps: 1, marks: null, idled: false, places: { faults: null, cancellations: places }, value: undefined, cut: false, left }
}

const leftOf = (awaits: readonly string[] | null, ...listeners: string[]): Left => ({ awaits, listeners }) as Left
const picks: Picks = new Map([[0, 1]])
const fault: Fault = { kind: 'error', error: new Error('x') }

/** Looks at a schedule; its further runs end in these ways, and are told by their audits and first picks. */
function look(audit: RemainsAudit, outcome: Outcome, ...runs: Ended[]): { found: Found | null; asked: (Pick<Audit, 'judges' | 'uninterrupted'> & { pick: number })[] } {
  const looking = audit.of(outcome, () => picks)
  const asked: (Pick<Audit, 'judges' | 'uninterrupted'> & { pick: number })[] = []
  let next = looking.next()
  for (const run of runs) {
    if (next.done === true) throw new Error('nothing more is asked for')
    const { judges, uninterrupted } = next.value.audit as Audit
    asked.push({ judges, uninterrupted, pick: next.value.chooser.choose(values(2)) })
    next = looking.next(ended(run))
  }
  if (next.done !== true) throw new Error('another run is asked for')
  return { found: next.value, asked }
}

const words = (found: Found | null): string => String(found?.fault.error)

describe('what an interruption leaves behind', () => {
  test('is what a run without it does not, in that order and in FIFO order', () => {
    const audit = new RemainsAudit({ leaks: 'error' })
    const left = leftOf(['an await'], 'a listener', 'another')
    const { found, asked } = look(audit, ended({ at: 'a', left }), { left: leftOf([], 'a listener') }, { left: leftOf([]) })
    expect(asked).toEqual([{ judges: false, uninterrupted: true, pick: 1 }, { judges: false, uninterrupted: true, pick: 0 }])
    expect(found?.fault.kind).toBe('leak')
    expect(words(found)).toContain('an await')
    expect(words(found)).toContain('another')
    expect(words(found)).not.toContain('a listener')
    expect(found?.audit).toMatchObject({ judges: true, uninterrupted: false })
    expect([...(found?.audit.known ?? [])]).toEqual(['a listener'])
  })

  test('is nothing where the other runs leave the same, fail, or do not tell', () => {
    const left = leftOf(['an await'], 'a listener')
    const all: Ended[][] = [
      [{ left: leftOf(['an await']) }, { left: leftOf([], 'a listener') }],
      [{ left: leftOf([]), fault }],
      [{ left: undefined }],
      [{ left: leftOf([]) }, { left: leftOf([]), fault }],
      // Nobody knows what they wait for.
      [{ left: leftOf(null, 'a listener') }, { left: leftOf([]) }],
      [{ left: leftOf([], 'a listener') }, { left: leftOf(null) }],
    ]
    for (const runs of all) expect(look(new RemainsAudit({ leaks: 'error' }), ended({ at: 'a', left }), ...runs).found).toBeNull()
  })

  test('is not looked for further where nothing is left, or it is known already', () => {
    const audit = new RemainsAudit({ leaks: 'error' })
    expect(look(audit, ended({ at: 'a', left: leftOf([]) })).asked).toEqual([])
    expect(look(audit, ended({ at: 'a', left: leftOf(null) })).asked).toEqual([])
    look(audit, ended({ at: 'b', left: leftOf([], 'a listener') }), { left: leftOf([], 'a listener') }, { left: leftOf([]) })
    expect(look(audit, ended({ at: 'c', left: leftOf([], 'a listener') }))).toEqual({ found: null, asked: [] })
    // What is new is looked at again.
    expect(look(audit, ended({ at: 'c', left: leftOf([], 'another') }), { left: leftOf([]) }, { left: leftOf([]) }).found).not.toBeNull()
  })

  test('is looked for once for each new place where the schedule was not watched', () => {
    const audit = new RemainsAudit({ leaks: 'error' })
    expect(look(audit, ended({ at: 'a' }), { left: leftOf([]) }).asked).toEqual([{ judges: false, uninterrupted: false, pick: 1 }])
    expect(look(audit, ended({ at: 'a' })).asked).toEqual([])
    expect(look(audit, ended({})).asked).toEqual([])
    expect(look(audit, ended({ at: 'b', fault })).asked).toEqual([])
    expect(look(audit, ended({ at: 'b' }), { left: leftOf([], 'x') }, { left: leftOf([]) }, { left: leftOf([]) }).found).not.toBeNull()
  })
})

describe('a schedule is watched', () => {
  test('once a task can be interrupted, and as long as there are new places', () => {
    const audit = new RemainsAudit({ leaks: 'error' })
    expect(audit.audit).toBeUndefined()
    look(audit, ended({ at: null }))
    expect(audit.audit).toBeUndefined()
    look(audit, ended({}))
    expect(audit.audit).toMatchObject({ judges: false, uninterrupted: false })
    // Of two hundred in a row that are interrupted nowhere new two have been.
    for (let n = 2; n < 199; n++) look(audit, ended({}))
    expect(audit.audit).toBeDefined()
    look(audit, ended({}))
    expect(audit.audit).toBeUndefined()
    look(audit, ended({ at: 'a', left: leftOf([]) }))
    expect(audit.audit).toBeDefined()
  })

  test('never where what is left behind does not count, or no native code takes part', () => {
    const ignoring = new RemainsAudit({ leaks: 'ignore' })
    expect([look(ignoring, ended({ at: 'a', left: leftOf([], 'x') })), ignoring.audit]).toEqual([{ found: null, asked: [] }, undefined])
    const audit = new RemainsAudit({ leaks: 'error' })
    expect(look(audit, ended({ at: 'a' }), { left: undefined }).found).toBeNull()
    expect([audit.audit, look(audit, ended({ at: 'b' })).asked]).toEqual([undefined, []])
    const none = { ...ended({}), places: { faults: null, cancellations: null } }
    expect(look(new RemainsAudit({ leaks: 'error' }), none).asked).toEqual([])
  })
})

test('every run of a search can be made to look', () => {
  const request: Request = { chooser: new Lenient(picks), observer: null, maxSteps: 7 }
  function* search(): Generator<Request, string, Outcome> {
    const first = yield request
    const second = yield request
    return `${first.steps} ${second.steps}`
  }
  const audit: Audit = { known: new Set(), judges: true, uninterrupted: false }
  const run = (by: Audit | null): unknown => {
    const running = auditing(by, search())
    const asked = [running.next(), running.next({ ...ended({}), steps: 3 })]
    return [...asked.map((a) => a.value), running.next({ ...ended({}), steps: 4 })]
  }
  expect(run(null)).toEqual([request, request, { done: true, value: '3 4' }])
  expect(run(audit)).toEqual([{ ...request, audit }, { ...request, audit }, { done: true, value: '3 4' }])
})

function* ioTwice(): Coroutine<void> {
  yield* pause()
  yield* sleep(3)
  yield* pause()
}

test.each<[string, boolean, (loop: EventLoop) => void]>([
  ['nothing', true, () => {}],
  ['timers, whose callbacks arm others', true, (loop) => void loop.callLater(5, () => void loop.callLater(500, () => {}))],
  ['I/O, and what follows it', true, (loop) => void new Task(() => ioTwice(), { loop })],
  ['an interval, which never ends', false, (loop) => void Object.assign(loop.callLater(5, () => {}), { period: 5 })],
])('what is under way at the end of a run is let end, so that what waits then waits for ever: %s', async (_, ends, begin) => {
  const loop = new EventLoop()
  const main = new Task<unknown>(() => undefined, { loop })
  begin(loop)
  const settled: boolean[] = []
  const remains = { waits: true, found: (_main: unknown, is: boolean) => (settled.push(is), leftOf([])) } as unknown as Remains
  const audit: Audit = { known: new Set(), judges: false, uninterrupted: false }
  await withRemains(ended({}), { loop, main, remains, world: { outside: null } as unknown as World, audit })
  expect(settled).toEqual([ends])
})

test('what arms itself again for ever is let go on a thousand times', async () => {
  const loop = new EventLoop()
  let fired = 0
  const again = (): void => {
    fired++
    loop.callLater(1, again)
  }
  again()
  const settled: boolean[] = []
  const remains = { waits: true, found: (_main: unknown, is: boolean) => (settled.push(is), leftOf([])) } as unknown as Remains
  const audit: Audit = { known: new Set(), judges: false, uninterrupted: false }
  await withRemains(ended({}), { loop, main: new Task<unknown>(() => undefined, { loop }), remains, world: { outside: null } as unknown as World, audit })
  expect([settled, fired]).toEqual([[false], 1000])
})

test('something real that goes on is waited for ten times, and not for ever', async () => {
  const settledAfter = async (looks: number): Promise<[settled: boolean, looked: number]> => {
    const loop = new EventLoop()
    let looked = 0
    const settled: boolean[] = []
    const remains = { waits: true, found: (_main: unknown, is: boolean) => (settled.push(is), leftOf([])) } as unknown as Remains
    const world = { outside: { escaped: () => (++looked > looks ? null : new Error('a file')), wait: () => Promise.resolve() } } as unknown as World
    const audit: Audit = { known: new Set(), judges: false, uninterrupted: false }
    await withRemains(ended({}), { loop, main: new Task<unknown>(() => undefined, { loop }), remains, world, audit })
    return [settled[0] === true, looked]
  }
  expect([await settledAfter(9), await settledAfter(10)]).toEqual([[true, 10], [false, 10]])
})

test('what a run leaves in which nothing was interrupted is told, and is no fault of it', async () => {
  const loop = new EventLoop()
  const main = new Task<unknown>(() => undefined, { loop })
  const world = { outside: null } as unknown as World
  const judged = async (known: readonly string[]): Promise<Outcome> => {
    const remains = { waits: false, found: () => leftOf([], 'a listener') } as unknown as Remains
    return withRemains(ended({ at: null }), { loop, main, remains, world, audit: { known: new Set(known), judges: true, uninterrupted: false } })
  }
  expect(await judged([])).toMatchObject({ fault: null, left: { listeners: ['a listener'] } })
  const interruptions = interruptionsOf(loop)
  interruptions.interrupted = main
  expect((await judged([])).fault?.kind).toBe('leak')
  expect((await judged(['a listener'])).fault).toBeNull()
})
