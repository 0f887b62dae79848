import { Queue } from './queue.ts'

/**
 * A queue that gives the newest item first (CPython, `queues.py:LifoQueue`).
 *
 * @example
 * ```ts
 * const stack = new LifoQueue<number>()
 * stack.putNowait(1)
 * stack.putNowait(2)
 * stack.getNowait() // 2
 * ```
 */
export class LifoQueue<T = unknown> extends Queue<T> {
  readonly #stack: T[] = []

  protected override itemCount(): number {
    return this.#stack.length
  }

  protected override putItem(item: T): void {
    this.#stack.push(item)
  }

  protected override takeItem(): T {
    return this.#stack.pop() as T
  }
}
