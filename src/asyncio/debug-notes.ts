import { currentLoop } from './current-loop.ts'
import { callIntoLibrary, callSite } from './debug.ts'

/** Nothing is noted, and nobody asked, before some loop is put in debug mode. */
let everUsed = false

/** @internal The library has made a coroutine, which runs only if somebody awaits it. */
export function noteCoroutine(coroutine: object): void {
  if (everUsed) currentLoop()?.notes?.coroutineMade(coroutine)
}

/** @internal Somebody has awaited it, or closed it. */
export function noteAwaited(coroutine: object): void {
  if (everUsed) currentLoop()?.notes?.coroutineAwaited(coroutine)
}

/**
 * @internal What a loop in debug mode remembers: where futures and tasks were made, and which coroutines of the library
 * nobody has awaited. CPython says the latter when it collects them; here the loop says it when it is closed. What a program's own generators do cannot be seen.
 */
export class DebugNotes {
  readonly #madeAt = new WeakMap<object, string>()
  readonly #unawaited = new Map<object, string>()
  enabled = true

  constructor() {
    everUsed = true
  }

  futureMade(future: object): void {
    const at = this.enabled ? callSite() : undefined
    if (at !== undefined) this.#madeAt.set(future, at)
  }

  /** Where it was made, as `file:line`; undefined if the loop was not in debug mode then. */
  madeAt(future: object): string | undefined {
    return this.#madeAt.get(future)
  }

  coroutineMade(coroutine: object): void {
    if (!this.enabled) return
    const call = callIntoLibrary()
    const name = call === undefined || call.callee === '' ? 'a coroutine' : `coroutine '${call.callee}'`
    this.#unawaited.set(coroutine, `${name} was never awaited${call === undefined ? '' : ` (created at ${call.at})`}`)
  }

  coroutineAwaited(coroutine: object): void {
    this.#unawaited.delete(coroutine)
  }

  /** What was not awaited since the last call, in words. */
  takeUnawaited(): readonly string[] {
    const words = [...this.#unawaited.values()]
    this.#unawaited.clear()
    return words
  }
}
