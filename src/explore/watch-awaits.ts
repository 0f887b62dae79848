import { LibraryCoroutine } from '../asyncio/coroutine.ts'
import { Future } from '../asyncio/future.ts'
import { Sleep } from '../asyncio/sleep.ts'
import { YieldOnce } from '../asyncio/yield-once.ts'
import { Operation } from '../world/shared.ts'

/** What can be awaited, under `await` by its `then` and under `yield*` by its iterator. */
const AWAITABLES: readonly object[] = [Future, LibraryCoroutine, Sleep, YieldOnce, Operation].map(
  (c) => (c as { prototype: object }).prototype,
)

/**
 * While an instrumented run goes on: says when something is about to be awaited, with the code that awaits it on the
 * stack. `await` looks for a `then` at once and calls it later, in a microtask without a stack; so the look is what is
 * noticed. Outside such a run the awaitables are as they were, and cost nothing. What it returns ends the watch.
 */
export function watchAwaits(note: (awaited: object) => void): () => void {
  const restore: (() => void)[] = []
  const replace = (prototype: object, key: 'then' | typeof Symbol.iterator, make: (old: unknown) => PropertyDescriptor): void => {
    const old = Object.getOwnPropertyDescriptor(prototype, key)
    if (old === undefined) return
    Object.defineProperty(prototype, key, { configurable: true, enumerable: false, ...make(old.value) })
    restore.push(() => Object.defineProperty(prototype, key, old))
  }
  for (const prototype of AWAITABLES) {
    replace(prototype, 'then', (old) => ({
      get(this: object) {
        note(this)
        return old
      },
    }))
    replace(prototype, Symbol.iterator, (old) => ({
      writable: true,
      value(this: object): unknown {
        note(this)
        return Reflect.apply(old as () => unknown, this, [])
      },
    }))
  }
  return () => {
    for (const f of restore.splice(0)) f()
  }
}
