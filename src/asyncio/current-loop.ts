import { runningLoop } from '../loop/running.ts'
import { RuntimeError } from './errors.ts'
import type { EventLoop } from './event-loop.ts'

/** Undefined while nobody has chosen. */
let selected: EventLoop | null | undefined = undefined

/** The loop that is running, null outside a run. */
export function currentLoop(): EventLoop | null {
  return runningLoop() as EventLoop | null
}

/**
 * The loop that is running (CPython, `events.py:get_running_loop`).
 *
 * @throws RuntimeError outside a run
 * @example
 * ```ts
 * const now = getRunningLoop().time()
 * ```
 */
export function getRunningLoop(): EventLoop {
  const loop = currentLoop()
  if (loop === null) throw new RuntimeError('no running event loop')
  return loop
}

/**
 * Makes a loop the one that code outside a run works with; null: none (CPython, `events.py:set_event_loop`).
 *
 * @throws TypeError for what is no loop
 * @example
 * ```ts
 * setEventLoop(newEventLoop())
 * ```
 */
export function setEventLoop(loop: EventLoop | null): void {
  if (loop !== null && typeof (loop as Partial<EventLoop> | undefined)?.runForever !== 'function') {
    throw new TypeError(`loop must be an instance of EventLoop or null, not '${typeof loop}'`)
  }
  selected = loop
}

let makeLoop: () => EventLoop = () => getRunningLoop()

/** @internal How a loop is made: the module of the class says so, which itself needs this one. */
export function makeLoopsBy(make: () => EventLoop): void {
  makeLoop = make
}

/**
 * The running loop, else the one that `setEventLoop` has set. If that was never called, a new one is made and set,
 * with a warning (CPython 3.13, `events.py:get_event_loop`).
 *
 * @throws RuntimeError if there is none, as after `run`
 * @example
 * ```ts
 * const loop = getEventLoop()
 * ```
 */
export function getEventLoop(): EventLoop {
  const loop = currentLoop() ?? selected
  if (loop === null) throw noCurrentLoop()
  if (loop !== undefined) return loop
  console.warn('DeprecationWarning: There is no current event loop')
  const made = makeLoop()
  setEventLoop(made)
  return made
}

/**
 * @internal The running loop, else the selected one, for futures and what is made of them. Unlike CPython 3.13, and like
 * 3.14, it makes none: what is awaited natively outside a run would wait for a loop that nobody runs.
 *
 * @throws RuntimeError if there is neither
 */
export function defaultLoop(): EventLoop {
  const loop = currentLoop() ?? selected
  if (loop === null || loop === undefined) throw noCurrentLoop()
  return loop
}

function noCurrentLoop(): RuntimeError {
  return new RuntimeError("There is no current event loop in thread 'MainThread'.")
}

/** @internal The running loop, else the selected one. @throws RuntimeError if there is neither */
export function requireLoop(): EventLoop {
  return currentLoop() ?? selected ?? getRunningLoop()
}
