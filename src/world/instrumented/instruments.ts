import type { EventLoop } from '../../asyncio/event-loop.ts'
import { isThenable } from '../../asyncio/awaitable.ts'
import { currentLoop } from '../../asyncio/current-loop.ts'
import { noteProperty, noteVariable } from './accesses.ts'
import { awaitPoint, mayWait } from './await-point.ts'
import type { Instruments } from './hook.ts'
import { iteratePoints } from './iterate.ts'
import { type Site, sitesOf } from './site.ts'

/** Where the host has none, what compilers put in its place. */
const ASYNC_DISPOSE: symbol = Symbol.asyncDispose ?? Symbol.for('Symbol.asyncDispose')

/** What transformed code calls while an exploration is open; `isInside` says whether the caller is part of it. */
export class ExplorationInstruments implements Instruments {
  readonly #isInside: () => boolean

  constructor(isInside: () => boolean) {
    this.#isInside = isInside
  }

  sites(file: string, table: string): readonly Site[] {
    return sitesOf(file, table)
  }

  at(x: unknown, site: Site): unknown {
    const loop = this.#loop()
    // What the library waits for is a point already.
    return loop === null || !mayWait(loop) || isOurs(x) ? x : awaitPoint(loop, x, site)
  }

  iterate(x: unknown, site: Site): unknown {
    const loop = this.#loop()
    return loop === null || !mayWait(loop) ? x : iteratePoints(x, (step) => this.at(step, site))
  }

  disposal(site: Site): unknown {
    return { [ASYNC_DISPOSE]: () => this.at(undefined, site) }
  }

  touched(o: unknown, key: unknown, site: Site): void {
    const loop = this.#watchedLoop()
    if (loop !== null) noteProperty(loop, o, key === undefined ? site.key : key, site)
  }

  variable(scope: object | null, site: Site): void {
    const loop = this.#watchedLoop()
    if (loop !== null) noteVariable(loop, scope, site)
  }

  /** The loop whose run the caller is part of. */
  #loop(): EventLoop | null {
    const loop = currentLoop()
    return loop === null || !this.#isInside() ? null : loop
  }

  #watchedLoop(): EventLoop | null {
    const loop = currentLoop()
    return loop === null || loop.onAccess === null || !this.#isInside() ? null : loop
  }
}

/** Futures, tasks and the library's coroutines work under `yield*` as well as under `await`; nothing else does. */
function isOurs(x: unknown): boolean {
  return typeof x === 'object' && x !== null && Symbol.iterator in x && isThenable(x)
}
