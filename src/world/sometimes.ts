import { currentLoop } from '../asyncio/current-loop.ts'

/**
 * Says that `condition` must hold in some schedule: an exploration in which no call with this label ever saw it hold
 * fails with kind 'never'. Use it to make sure that a test reaches the state that it is about.
 *
 * @example
 * ```ts
 * const queue = new Queue<string>(1)
 * queue.putNowait('a')
 * sometimes(queue.full(), 'the queue was full')
 * ```
 */
export function sometimes(condition: boolean, label: string): void {
  const loop = currentLoop()
  if (loop === null) return
  loop.marks ??= new Map()
  loop.marks.set(label, condition || loop.marks.get(label) === true)
}
