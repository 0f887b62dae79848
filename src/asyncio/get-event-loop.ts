import { currentLoop, selectedLoop, setEventLoop } from './current-loop.ts'
import { RuntimeError } from './errors.ts'
import { EventLoop } from './event-loop.ts'

/**
 * The running loop, else the one that `setEventLoop` has set. If that was never called, a new one is made and set,
 * with a warning (CPython 3.13, `events.py:get_event_loop`).
 *
 * @throws RuntimeError if there is none, as after `run`
 */
export function getEventLoop(): EventLoop {
  const loop = currentLoop() ?? selectedLoop()
  if (loop === null) throw new RuntimeError("There is no current event loop in thread 'MainThread'.")
  if (loop !== undefined) return loop
  console.warn('DeprecationWarning: There is no current event loop')
  const made = new EventLoop()
  setEventLoop(made)
  return made
}
