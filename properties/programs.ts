import * as fc from 'fast-check'
import {
  type Awaitable,
  CancelledError,
  choose,
  type Coroutine,
  type CoroutineLike,
  createTask,
  gather,
  getRunningLoop,
  pause,
  type ScenarioBody,
  type Shared,
  shared,
  sleep,
  type Task,
} from '../src/index.ts'
import { driveAsync, driveSync, type Script } from '../spec/support/script.ts'

/** One operation of a random program. Every one that runs is written to the log, with the virtual time. */
export type Op =
  | { readonly op: 'sleep'; readonly delay: number }
  | { readonly op: 'pause' }
  | { readonly op: 'read' | 'write' | 'update' | 'increment' | 'take' }
  | { readonly op: 'gather'; readonly tasks: readonly Program[]; readonly returnExceptions: boolean }
  | { readonly op: 'spawn'; readonly task: Program }
  | { readonly op: 'join' | 'cancel'; readonly which: number }
  | { readonly op: 'catch'; readonly body: Program }
  | { readonly op: 'throw'; readonly value: unknown }
  | { readonly op: 'choose'; readonly n: number }
  | { readonly op: 'soon' }
  | { readonly op: 'later'; readonly delay: number }
  | { readonly op: 'revoke'; readonly which: number }

export type Program = readonly Op[]

/** What one run of a program left behind. */
export interface Memory {
  log: string[]
}

interface World {
  readonly log: string[]
  readonly cell: Shared<number>
  readonly tasks: Task<unknown>[]
  readonly handles: { cancel(): void }[]
  readonly start: (script: Script) => CoroutineLike<unknown>
  increments: number
}

/** The program as a generator function. */
export function asGenerators(program: Program, memory: Memory): () => Coroutine<unknown> {
  return () => driveSync(main(program, memory, (script) => driveSync(script)))
}

/** The program as native async functions. */
export function asNative(program: Program, memory: Memory): ScenarioBody {
  return () => driveAsync(main(program, memory, (script) => () => driveAsync(script)))
}

export const FRONT_ENDS = { generators: asGenerators, native: asNative } as const

function* main(program: Program, memory: Memory, start: World['start']): Generator<Awaitable<unknown>, undefined, unknown> {
  const world: World = { log: [], cell: shared(0, 'cell'), tasks: [], handles: [], start, increments: 0 }
  memory.log = world.log
  try {
    yield* perform(program, 'main', -1, world)
    // An increment is a read and a write: whoever comes between them makes it a lost one.
    if (world.cell.value !== world.increments) throw new Error(`lost ${world.increments - world.cell.value}`)
  } finally {
    world.log.push('end')
  }
}

/** `rank`: the task's place among those that were spawned; a task waits only for later ones, so that none waits for itself. */
function* perform(program: Program, who: string, rank: number, world: World): Generator<Awaitable<unknown>, undefined, unknown> {
  for (const [i, op] of program.entries()) {
    const at = `${who}.${i}`
    note(world, `${at} ${op.op}`)
    const result = yield* one(op, at, rank, world)
    if (result !== undefined) note(world, `${at} ${op.op} gave ${words(result)}`)
  }
}

function note(world: World, what: string): void {
  world.log.push(`${what} @${getRunningLoop().time()}`)
}

function words(x: unknown): string {
  if (Array.isArray(x)) return `[${x.map(words).join(' ')}]`
  return x instanceof Error ? `${x.name}:${x.message}` : String(x)
}

function* one(op: Op, at: string, rank: number, world: World): Script {
  const { cell, tasks, handles } = world
  switch (op.op) {
    case 'sleep':
      return yield sleep(op.delay)
    case 'pause':
      return yield pause(at)
    case 'read':
      return yield cell.read()
    case 'write':
      world.increments = 7
      return yield cell.write(7)
    case 'update':
      world.increments++
      return yield cell.update((n) => n + 1)
    case 'increment': {
      world.increments++
      const n = (yield cell.read()) as number
      note(world, `${at} read ${n}`)
      return yield cell.write(n + 1)
    }
    case 'take':
      world.increments--
      return yield cell.update((n) => n - 1, { when: (n) => n > 0 })
    case 'gather': {
      const children = op.tasks.map((task, k) => world.start(perform(task, `${at}/${k}`, rank, world)))
      return yield gather(children, { returnExceptions: op.returnExceptions as true })
    }
    case 'spawn':
      tasks.push(createTask(world.start(perform(op.task, `${at}/`, tasks.length, world))))
      return undefined
    case 'join': {
      const later = tasks.slice(rank + 1)
      const task = later[op.which % later.length]
      return task === undefined ? undefined : yield task
    }
    case 'cancel':
      return tasks[op.which % tasks.length]?.cancel(at)
    case 'catch':
      try {
        yield* perform(op.body, `${at}:`, rank, world)
      } catch (error) {
        note(world, `${at} caught ${words(error)}`)
        // A task that refuses to be cancelled is a test of its own; here it may once.
        if (error instanceof CancelledError && world.log.length > 200) throw error
      }
      return undefined
    case 'throw':
      throw op.value
    case 'choose':
      return choose(op.n, at)
    case 'soon':
      handles.push(getRunningLoop().callSoon(() => note(world, `${at} called`)))
      return undefined
    case 'later':
      handles.push(getRunningLoop().callLater(op.delay, () => note(world, `${at} called`)))
      return undefined
    case 'revoke':
      handles[op.which % handles.length]?.cancel()
      return undefined
  }
}

const delay = fc.constantFrom(0, 0, 1, 1, 2, 0.5)
const which = fc.nat({ max: 3 })
const thrown = fc.constantFrom<unknown>(new Error('thrown'), null, undefined, 'text', 0, new TypeError('typed'))

const leaf: fc.Arbitrary<Op> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ op: fc.constant('sleep' as const), delay }) },
  { weight: 4, arbitrary: fc.record({ op: fc.constant('pause' as const) }) },
  { weight: 5, arbitrary: fc.record({ op: fc.constantFrom('read' as const, 'update' as const, 'increment' as const, 'increment' as const, 'write' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('take' as const) }) },
  { weight: 2, arbitrary: fc.record({ op: fc.constantFrom('join' as const, 'cancel' as const), which }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('throw' as const), value: thrown }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('choose' as const), n: fc.integer({ min: 1, max: 3 }) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('soon' as const) }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('later' as const), delay }) },
  { weight: 1, arbitrary: fc.record({ op: fc.constant('revoke' as const), which }) },
)

/** Small programs: a few tasks of a few operations, three levels deep at most. */
export function programs(options: { maxOps: number; maxTasks: number; without?: readonly Op['op'][] }): fc.Arbitrary<Program> {
  const { maxOps, maxTasks } = options
  const wanted = (op: Op): boolean => options.without?.includes(op.op) !== true
  const level = (inner: fc.Arbitrary<Program> | null): fc.Arbitrary<Program> => {
    const some = leaf.filter(wanted)
    if (inner === null) return fc.array(some, { minLength: 1, maxLength: maxOps })
    const nested = fc
      .oneof(
        fc.record({
          op: fc.constant('gather' as const),
          tasks: fc.array(inner, { minLength: 1, maxLength: maxTasks }),
          returnExceptions: fc.boolean(),
        }),
        fc.record({ op: fc.constant('spawn' as const), task: inner }),
        fc.record({ op: fc.constant('catch' as const), body: inner }),
      )
      .filter((op) => wanted(op as Op)) as fc.Arbitrary<Op>
    return fc.array(fc.oneof({ weight: 3, arbitrary: some }, { weight: 2, arbitrary: nested }), { minLength: 1, maxLength: maxOps })
  }
  return level(level(level(null)))
}
