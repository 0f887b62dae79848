import { type Awaitable, type Coroutine, type CoroutineLike, type Outcome } from './awaitable.ts'
import { closeCoroutine, inline, LibraryCoroutine } from './coroutine.ts'
import { getRunningLoop } from './current-loop.ts'
import { CancelledError, groupOf, leavesLoop, RuntimeError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'
import { CANCELLED, EXCEPTION, Future } from './future.ts'
import { type Bookkeeper, DoneHop, interruptionOf, type Named } from './hop.ts'
import type { Task } from './task.ts'
import type { CreateTaskOptions } from './task-options.ts'

/**
 * Tasks that end together (CPython, `taskgroups.py:TaskGroup`): the block waits for all of them. If one fails, the
 * others and the block are cancelled, and the errors come out as an ExceptionGroup (an AggregateError). Siblings
 * are cancelled in order of creation.
 *
 * @example
 * ```ts
 * yield* new TaskGroup().run(function* (group) {
 *   group.createTask(worker(1))
 *   group.createTask(worker(2))
 * })
 * ```
 */
export class TaskGroup {
  readonly #books = new Books(() => String(this))

  /**
   * Makes a task of the group (CPython, `taskgroups.py:TaskGroup.create_task`).
   * @throws RuntimeError before the block, when the group has finished, and while it is shutting down
   */
  createTask<T>(coroutine: CoroutineLike<T>, options?: CreateTaskOptions): Task<T> {
    return this.#books.createTask(coroutine, options)
  }

  /**
   * Runs `body` as the block and gives its value once every task of the group has ended. The body is handed the group.
   * @throws ExceptionGroup or BaseExceptionGroup with what failed; RuntimeError outside a task, or the second time
   */
  run<T>(body: (group: TaskGroup) => T): Awaitable<Outcome<T>> {
    return new LibraryCoroutine(() => this.#block(body))
  }

  *#block<T>(body: (group: TaskGroup) => T): Coroutine<Outcome<T>> {
    this.#books.enter()
    let value: Outcome<T>
    try {
      value = yield* inline<Outcome<T>>(body(this) as Outcome<T>)
    } catch (error) {
      yield* this.#books.exit({ error })
      throw error
    }
    yield* this.#books.exit(null)
    return value
  }

  toString(): string {
    return `<TaskGroup${this.#books.inWords()}>`
  }
}

/** The state of a group, and what it does when a task of it ends. */
class Books implements Bookkeeper {
  readonly #describe: () => string
  #loop: EventLoop | null = null
  #parent: Task<unknown> | null = null
  #exiting = false
  #aborting = false
  #parentCancelRequested = false
  readonly #tasks = new Set<Task<unknown>>()
  #errors: unknown[] = []
  /** A SystemExit or KeyboardInterrupt that is to come out bare. */
  #base: { readonly error: unknown } | null = null
  #completed: Future<null> | null = null

  constructor(describe: () => string) {
    this.#describe = describe
  }

  get loop(): EventLoop {
    return this.#loop ?? getRunningLoop()
  }

  get released(): Future<null> | null {
    return this.#completed
  }

  get leadsTo(): Named | undefined {
    return interruptionOf(this.#parent)
  }

  enter(): void {
    if (this.#loop !== null) throw new RuntimeError(`TaskGroup ${this.#describe()} has already been entered`)
    this.#loop = getRunningLoop()
    this.#parent = this.#loop.acting
    if (this.#parent === null) throw new RuntimeError(`TaskGroup ${this.#describe()} cannot determine the parent task`)
  }

  createTask<T>(coroutine: CoroutineLike<T>, options?: CreateTaskOptions): Task<T> {
    if (this.#loop === null) throw this.#refusal(coroutine, 'has not been entered')
    if (this.#exiting && this.#tasks.size === 0) throw this.#refusal(coroutine, 'is finished')
    if (this.#aborting) throw this.#refusal(coroutine, 'is shutting down')
    const task = this.#loop.createTask(coroutine, options)
    this.#tasks.add(task as Task<unknown>)
    task.addWaiter(new DoneHop(this, task as Future<unknown>))
    return task
  }

  /** A coroutine that is refused is closed. */
  #refusal(coroutine: unknown, why: string): RuntimeError {
    closeCoroutine(coroutine)
    return new RuntimeError(`TaskGroup ${this.#describe()} ${why}`)
  }

  childDone(child: Future<unknown>): void {
    const task = child as Task<unknown>
    this.#tasks.delete(task)
    if (this.#tasks.size === 0 && this.#completed?.isDone === false) this.#completed.setResult(null)
    if (task.state === CANCELLED) return
    const error = task.exception()
    if (task.state !== EXCEPTION) return
    this.#errors.push(error)
    if (leavesLoop(error)) this.#base ??= { error }
    const parent = this.#parent as Task<unknown>
    if (parent.isDone) {
      this.loop.callExceptionHandler({
        message: `Task ${String(task)} has errored out but its parent task ${String(parent)} is already completed`,
        exception: error,
        task,
      })
      return
    }
    if (this.#aborting || this.#parentCancelRequested) return
    this.#abort()
    this.#parentCancelRequested = true
    parent.cancel()
  }

  wouldLead(child: Future<unknown>): boolean {
    if (this.wouldInterrupt(child)) return true
    if (this.#completed?.leadsToUserCode() !== true) return false
    for (const t of this.#tasks) if (t !== child && !t.isDone) return false
    return true
  }

  wouldInterrupt(child: Future<unknown>): boolean {
    return child.state === EXCEPTION && !this.#aborting && !this.#parentCancelRequested
  }

  #abort(): void {
    this.#aborting = true
    for (const t of this.#tasks) if (!t.isDone) t.cancel()
  }

  /** The end of the block, in the order of `taskgroups.py:__aexit__` (R207). */
  *exit(failure: { readonly error: unknown } | null): Coroutine<void> {
    this.#exiting = true
    if (failure !== null && leavesLoop(failure.error)) this.#base ??= failure
    let cancellation = failure?.error instanceof CancelledError ? failure.error : null
    if (failure !== null && !this.#aborting) this.#abort()
    while (this.#tasks.size > 0) {
      this.#completed = new Completion(this.loop)
      try {
        yield* this.#completed
      } catch (error) {
        if (!(error instanceof CancelledError)) throw error
        if (!this.#aborting) {
          cancellation = error
          this.#abort()
        }
      }
      this.#completed = null
    }
    if (this.#base !== null) throw this.#base.error
    const parent = this.#parent as Task<unknown>
    if (this.#parentCancelRequested && parent.uncancel() === 0) cancellation = null
    if (cancellation !== null && this.#errors.length === 0) throw cancellation
    if (failure !== null && !(failure.error instanceof CancelledError)) this.#errors.push(failure.error)
    if (this.#errors.length === 0) return
    if (parent.cancelling() > 0) {
      // Cancelled from outside as well: the count stays, and the cancellation is delivered at the next wait.
      parent.uncancel()
      parent.cancel()
    }
    throw groupOf('unhandled errors in a TaskGroup', this.#errors)
  }

  inWords(): string {
    const tasks = this.#tasks.size === 0 ? '' : ` tasks=${this.#tasks.size}`
    const errors = this.#errors.length === 0 ? '' : ` errors=${this.#errors.length}`
    const state = this.#aborting ? ' cancelling' : this.#loop === null ? '' : ' entered'
    return `${tasks}${errors}${state}`
  }
}

/** What the end of the block waits for. */
class Completion extends Future<null> {
  constructor(loop: EventLoop) {
    super({ loop })
  }
  override describe(): string {
    return 'the tasks of its group'
  }
}
