import { Heap } from './heap.ts'
import { lessThan } from './python-order.ts'
import { Queue, type QueueOptions } from './queue.ts'

/** What a priority queue may be given. */
export interface PriorityQueueOptions<T> extends QueueOptions {
  /** Negative where `a` comes before `b`, as for Array.sort. Default: Python's `<` on numbers, strings and arrays. */
  compare?: ((a: T, b: T) => number) | undefined
}

/**
 * A queue that gives the least item first (CPython, `queues.py:PriorityQueue`). Without `compare`, items are numbers,
 * strings, or arrays that compare element by element as Python's tuples do, typically `[priority, data]`.
 *
 * Items of equal rank come out in the order in which CPython's heap gives them, which is not that of arrival.
 * put() throws TypeError where items have no order.
 *
 * @example
 * ```ts
 * const jobs = new PriorityQueue<[number, string]>()
 * jobs.putNowait([2, 'sweep'])
 * jobs.putNowait([1, 'cook'])
 * jobs.getNowait() // [1, 'cook']
 * ```
 */
export class PriorityQueue<T = unknown> extends Queue<T> {
  readonly #heap: Heap<T>

  /** @param maxsize how many items it holds at most (0 or less: any number), or options */
  constructor(maxsize?: number | PriorityQueueOptions<T>, options?: PriorityQueueOptions<T>) {
    super(maxsize, options)
    const compare = (typeof maxsize === 'object' ? maxsize.compare : undefined) ?? options?.compare
    this.#heap = new Heap<T>(compare === undefined ? lessThan : (a, b) => compare(a, b) < 0)
  }

  protected override itemCount(): number {
    return this.#heap.size
  }

  protected override putItem(item: T): void {
    this.#heap.push(item)
  }

  protected override takeItem(): T {
    return this.#heap.pop()
  }
}
