/** The errors of asyncio and the few of Python's own that asyncio raises. Each has that `name`. */

/**
 * The root of what is no ordinary exception, as in Python: a CancelledError, a SystemExit, or a class of one's own.
 * A task group that meets one among its errors raises a BaseExceptionGroup (CPython, the builtin of that name).
 */
export class BaseException extends Error {
  override readonly name: string = 'BaseException'
}

/**
 * A task or future was cancelled. `message` is the cancel message, '' where there is none (see `hasMessage`)
 * (CPython, `exceptions.py:CancelledError`).
 *
 * @example
 * ```ts
 * const job = createTask(async () => {
 *   try {
 *     await sleep(3600)
 *   } catch (error) {
 *     if (error instanceof CancelledError) console.log('given up')
 *     throw error
 *   }
 * })
 * await sleep(1)
 * job.cancel()
 * ```
 */
export class CancelledError extends BaseException {
  override readonly name: string = 'CancelledError'
  /** Whether a message was given: Python tells `CancelledError()` from `CancelledError('')`. */
  readonly hasMessage: boolean
  constructor(message?: string) {
    super(message ?? '')
    this.hasMessage = message !== undefined
  }
}

/** An operation that the state of a future does not allow (CPython, `exceptions.py:InvalidStateError`). */
export class InvalidStateError extends Error {
  override readonly name = 'InvalidStateError'
}

/**
 * An operation took longer than its deadline allows (CPython, the builtin, which asyncio uses).
 *
 * @example
 * ```ts
 * try {
 *   await waitFor(sleep(3600), 5)
 * } catch (error) {
 *   if (!(error instanceof TimeoutError)) throw error
 * }
 * ```
 */
export class TimeoutError extends Error {
  override readonly name = 'TimeoutError'
}

/** Python's RuntimeError: a call that the state of a loop, task or primitive does not allow. */
export class RuntimeError extends Error {
  override readonly name: string = 'RuntimeError'
}

/** Python's ValueError: an argument of the right type with a wrong value. */
export class ValueError extends Error {
  override readonly name = 'ValueError'
}

/** Python's LookupError: something that is asked for by name or key is not there. */
export class LookupError extends Error {
  override readonly name = 'LookupError'
}

/** Python's AssertionError: something that only a mistake of the program's can bring about. */
export class AssertionError extends Error {
  override readonly name = 'AssertionError'
}

/** `getNowait()` on an empty queue (CPython, `queues.py:QueueEmpty`). */
export class QueueEmpty extends Error {
  override readonly name = 'QueueEmpty'
}

/** `putNowait()` on a full queue (CPython, `queues.py:QueueFull`). */
export class QueueFull extends Error {
  override readonly name = 'QueueFull'
}

/** An operation on a queue that was shut down (CPython, `queues.py:QueueShutDown`). */
export class QueueShutDown extends Error {
  override readonly name = 'QueueShutDown'
}

/** A barrier was aborted or reset (CPython, `exceptions.py:BrokenBarrierError`). */
export class BrokenBarrierError extends RuntimeError {
  override readonly name: string = 'BrokenBarrierError'
}

/** Leaves the loop at once, whoever raises it (CPython, the builtin of that name). */
export class SystemExit extends BaseException {
  override readonly name = 'SystemExit'
}

/** Leaves the loop at once, whoever raises it (CPython, the builtin of that name). */
export class KeyboardInterrupt extends BaseException {
  override readonly name = 'KeyboardInterrupt'
}

/**
 * Several errors at once, some of which may be no ordinary exceptions. `errors` holds them in order
 * (CPython, the builtin of that name).
 */
export class BaseExceptionGroup extends AggregateError {
  override readonly name: string = 'BaseExceptionGroup'
  constructor(message: string, errors: readonly unknown[]) {
    super(errors, message)
  }
}

/**
 * Several errors at once: what a task group raises. `errors` holds them in order (CPython, the builtin of that name).
 *
 * @example
 * ```ts
 * try {
 *   await new TaskGroup().run(body)
 * } catch (error) {
 *   if (error instanceof ExceptionGroup) for (const e of error.errors) console.error(e)
 * }
 * ```
 */
export class ExceptionGroup extends BaseExceptionGroup {
  override readonly name = 'ExceptionGroup'
}

/**
 * Whether something thrown is what Python calls an Exception: all but a BaseException, and a group of such.
 *
 * @example
 * ```ts
 * isException(new TimeoutError()) // true
 * isException(new CancelledError()) // false
 * ```
 */
export function isException(error: unknown): boolean {
  if (error instanceof BaseExceptionGroup) return error instanceof ExceptionGroup
  return !(error instanceof BaseException)
}

/** @internal A group of these errors: an ExceptionGroup if all are exceptions, else a BaseExceptionGroup. */
export function groupOf(message: string, errors: readonly unknown[]): BaseExceptionGroup {
  return errors.every(isException) ? new ExceptionGroup(message, errors) : new BaseExceptionGroup(message, errors)
}

/** @internal Whether an error goes straight out of the loop (CPython, `events.py:Handle._run`). */
export function leavesLoop(error: unknown): boolean {
  return error instanceof SystemExit || error instanceof KeyboardInterrupt
}
