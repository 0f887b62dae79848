import type { Runnable } from './runnable.ts'

/** What the timer heap orders: by deadline, and among equal deadlines by the order in which they were made. */
export interface Timer extends Runnable {
  readonly due: number
  /** Counts the timers of the loop as they are made. */
  serial: number
  isCancelled(): boolean
}

/** Deadlines this close fire together (CPython's clock resolution on Linux). */
const RESOLUTION = 1e-9

/** Whether the timer is due at that time. */
export function isDue({ due }: Timer, now: number): boolean {
  // Half a year on, the resolution is less than a rounding error.
  return due <= now || due < now + RESOLUTION
}

/**
 * A binary heap of timers. Cancelled timers stay until they reach the head, or until there are many of them
 * (CPython, `base_events.py:_run_once`: more than 100 timers, more than half of them cancelled).
 */
export class TimerHeap {
  private _heap: Timer[] = []
  private _cancelled = 0

  push(t: Timer): void {
    const heap = this._heap
    let i = heap.length
    heap.push(t)
    while (i > 0) {
      const p = (i - 1) >> 1
      const parent = heap[p] as Timer
      if (!before(t, parent)) break
      heap[i] = parent
      i = p
    }
    heap[i] = t
  }

  /** Says that a timer of this heap was cancelled. */
  noteCancelled(): void {
    this._cancelled++
    if (this._heap.length > 100 && this._cancelled * 2 > this._heap.length) this._rebuild()
  }

  /** The earliest timer that is not cancelled. */
  peek(): Timer | undefined {
    for (;;) {
      const head = this._heap[0]
      if (head === undefined || !head.isCancelled()) return head
      this.pop()
      this._cancelled--
    }
  }

  pop(): Timer | undefined {
    const heap = this._heap
    const head = heap[0]
    const last = heap.pop()
    if (last !== undefined && heap.length > 0) this._sink(last, 0)
    return head
  }

  /** The earliest deadline that is no interval's; infinite if there is none. */
  earliestOnce(): number {
    let earliest = Number.POSITIVE_INFINITY
    for (const t of this._heap) if (t.period === undefined && t.due < earliest && !t.isCancelled()) earliest = t.due
    return earliest
  }

  clear(): void {
    this._heap = []
    this._cancelled = 0
  }

  private _sink(t: Timer, from: number): void {
    const heap = this._heap
    const n = heap.length
    let i = from
    for (;;) {
      let c = 2 * i + 1
      if (c >= n) break
      if (c + 1 < n && before(heap[c + 1] as Timer, heap[c] as Timer)) c++
      const child = heap[c] as Timer
      if (!before(child, t)) break
      heap[i] = child
      i = c
    }
    heap[i] = t
  }

  private _rebuild(): void {
    const live = this._heap.filter((t) => !t.isCancelled())
    this.clear()
    for (const t of live) this.push(t)
  }
}

function before(a: Timer, b: Timer): boolean {
  return a.due < b.due || (a.due === b.due && a.serial < b.serial)
}
