import { VirtualLoop } from '../loop/loop.ts'
import type { Future } from './future.ts'
import type { Handle } from './handle.ts'
import type { Primitive } from './primitive.ts'
import type { Task } from './task.ts'

/** Which task some code belongs to, however it was resumed; or the loop alone, for what no task has called. */
export interface TaskStore {
  run<R>(who: Task<unknown> | TaskRegister, f: () => R): R
  get(): Task<unknown> | TaskRegister | undefined
}

/** Told of what only an instrumented run wants to know. */
export interface RunRecorder {
  taskMade(task: Task<unknown>): void
  /** Its time is up; it still waits. */
  timedOut(task: Task<unknown>): void
  /** A shared value was read or written, and is this now. */
  valueSeen(name: string, kind: 'read' | 'write', value: unknown): void
  /** The code that is running begins to wait for this. */
  awaits(awaited: object): void
}

const NONE: readonly never[] = []

/** A loop that knows its tasks: which one runs, which are left, and what failed without anybody looking. */
export class TaskRegister extends VirtualLoop {
  /** @internal The task whose step is running; null in a callback. */
  current: Task<unknown> | null = null
  /** @internal The callback that runs while no task does. */
  currentHandle: Handle | null = null
  /** @internal Whether a native await drives the coroutine that runs: other code of the task may go on where that waits. */
  drives = false
  /** @internal Follows the running task through native awaits, where the host can (AsyncLocalStorage). */
  identity: TaskStore | null = null
  /** @internal Null except in an instrumented run. */
  recorder: RunRecorder | null = null
  /** @internal The primitives that were used; null unless somebody wants to know whether all is given back. */
  used: Set<Primitive> | null = null
  /** With room for those of a small run: an empty array would make some for seventeen at its first element. */
  private _tasks: (Task<unknown> | undefined)[]
  /** How many of them there are. */
  private _noted = 0
  private _live = 0
  private _named = 0
  private _failed: Future<unknown>[] = []

  constructor() {
    // Here and in what extends this: a class whose fields come without a constructor hands on all its arguments, by an array.
    super()
    this._tasks = [undefined, undefined, undefined, undefined]
  }

  /** @internal The task whose code is running: that of the step, unless that has woken another one's native await. */
  get acting(): Task<unknown> | null {
    const who = this.identity?.get()
    if (who === undefined || this.turning) return this.current
    // A body that the library calls for a task (`lock.with`) is in the loop's surroundings: its waits are the step's.
    if (who instanceof TaskRegister || (who.loop as TaskRegister) !== this) return this.current
    return who
  }

  /** What the loop itself calls, a callback or an external's function, is the run's, after each native await too. */
  protected override around(turn: () => void): void {
    if (this.identity === null) turn()
    else this.identity.run(this, turn)
  }

  /** One store serves a whole exploration, and whose of its loops is in it makes no difference. */
  protected override get surroundings(): object | null {
    return this.identity
  }

  /** @internal Calls `f` as this task's code, which stays that after each native await. */
  callAs<R>(task: Task<unknown>, f: () => R): R {
    return this.identity === null ? f() : this.identity.run(task, f)
  }

  /** @internal The lane for a native wait that begins now: a task that another one's step has woken keeps its own. */
  laneOf(task: Task<unknown> | null): number {
    if (task === null || task === this.current) return this.laneForWait()
    return task.waitingFor.length === 0 ? task.lane : this.newLane()
  }

  /** @internal */
  nextTaskNumber(): number {
    return ++this._named
  }

  /** @internal What runs outside, for an external operation, is none of the program's tasks. */
  noteTask(task: Task<unknown> & { readonly outside?: boolean }): void {
    if (this._noted > 2 * this._live + 64) this._forgetEnded()
    this._live++
    if (task.outside === true) return
    this._tasks[this._noted++] = task
    this.recorder?.taskMade(task)
  }

  private _forgetEnded(): void {
    this._tasks = [...this.liveTasks()]
    this._noted = this._tasks.length
  }

  /** @internal */
  noteTaskEnded(): void {
    this._live--
  }

  /** @internal */
  noteFailed(future: Future<unknown>): void {
    future.unretrieved = true
    this._failed.push(future)
  }

  /** @internal Futures whose exception nobody has looked at. */
  unretrieved(): readonly Future<unknown>[] {
    return this._failed.length === 0 ? NONE : this._failed.filter((f) => f.unretrieved)
  }

  /** @internal Tasks that are not done, in order of creation. */
  liveTasks(): readonly Task<unknown>[] {
    return this._live === 0 ? NONE : this._tasks.filter((t): t is Task<unknown> => t?.isDone === false)
  }

  protected override onEnd(): void {
    this.current = null
    this.currentHandle = null
  }
}
