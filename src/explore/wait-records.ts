import type { Suspension } from '../asyncio/awaitable.ts'
import { PromiseSuspension } from '../asyncio/coroutine.ts'
import { ownWaits } from '../asyncio/deadlock.ts'
import { type Primitive, Wait } from '../asyncio/primitive.ts'
import { Task } from '../asyncio/task.ts'
import type { CodePlace, WaitRecord } from './failure-file.ts'

/** So many tasks are described. */
const MOST = 100

/** What is known of where tasks were made and where they wait. */
export interface Sites {
  madeAt(task: Task<unknown>): CodePlace | undefined
  siteOf(awaited: object, task: Task<unknown> | null): CodePlace | undefined
  promiseSites(task: Task<unknown>): readonly CodePlace[]
  /** Whether it has not had its first step. */
  isNew(task: Task<unknown>): boolean
}

/** Whether it is a promise of the host's that is waited for, and nothing says where: an await that is transformed says it. */
export function isNative(s: Suspension): boolean {
  return s instanceof PromiseSuspension
}

/** Who waits for what and for whom, of tasks that are left; one record for each wait. */
export function describeWaits(all: readonly Task<unknown>[], sites: Sites): WaitRecord[] {
  const tasks = all.slice(0, MOST)
  const waited = new Set(tasks.flatMap((t) => t.waitingFor.flatMap((s) => (s instanceof Wait ? [s.primitive] : []))))
  return tasks.flatMap((task): WaitRecord[] => {
    const holds = [...waited].filter((p) => p.holders().includes(task)).map((p: Primitive) => p.title)
    const record = (what: Pick<WaitRecord, 'waitsFor' | 'blockedBy' | 'waitsAt'>): WaitRecord => ({
      task: task.getName(),
      waitsFor: what.waitsFor,
      blockedBy: what.blockedBy,
      holds,
      waitsAt: what.waitsAt,
      createdAt: sites.madeAt(task),
    })
    const waiting = ownWaits(task)
    if (sites.isNew(task)) return [record({ waitsFor: 'its turn to start', blockedBy: [] })]
    if (waiting.every(isNative)) {
      const known = sites.promiseSites(task)
      const last = waiting.at(-1)
      const places = known.length > 0 ? known : [last === undefined ? undefined : sites.siteOf(last, task)]
      return places.map((waitsAt) => record({ waitsFor: 'a native promise', blockedBy: [], waitsAt }))
    }
    return waiting.filter((s) => !isNative(s)).map((s) =>
      record({
        // Who holds it is told beside it.
        waitsFor: s instanceof Wait && s.primitive.holders().length > 0 ? s.primitive.title : s.describe(),
        blockedBy: blockersOf(s, tasks).map((t) => t.getName()),
        waitsAt: sites.siteOf(s, task),
      }),
    )
  })
}

/** The tasks that could let whoever waits for `s` go on. */
function blockersOf(s: Suspension, tasks: readonly Task<unknown>[]): readonly Task<unknown>[] {
  if (s instanceof Task) return [s]
  if (s instanceof Wait) return s.primitive.holders()
  // What is put together of others is told by them: they know it, and it need not know them.
  return tasks.filter((t) =>
    t.waiters().some((w) => {
      const { owner } = w as { owner?: { released?: unknown } }
      return owner !== undefined && (owner === (s as unknown) || owner.released === s)
    }),
  )
}

/** The tasks of a circle in which each waits for the next, from the first one found; undefined: there is none. */
export function cycleIn(waits: readonly WaitRecord[]): string[] | undefined {
  const next = new Map<string, string[]>()
  for (const { task, blockedBy } of waits) next.set(task, [...(next.get(task) ?? []), ...blockedBy])
  const done = new Set<string>()
  const path: string[] = []
  const visit = (task: string): string[] | undefined => {
    const at = path.indexOf(task)
    if (at >= 0) return path.slice(at)
    if (done.has(task)) return undefined
    path.push(task)
    for (const blocker of next.get(task) ?? []) {
      const cycle = visit(blocker)
      if (cycle !== undefined) return cycle
    }
    path.pop()
    done.add(task)
    return undefined
  }
  for (const task of next.keys()) {
    const cycle = visit(task)
    if (cycle !== undefined) return cycle
  }
  return undefined
}
