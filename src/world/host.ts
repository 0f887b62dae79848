import type { Stack } from './stacks.ts'

/** Values that follow the code through native awaits (Node's AsyncLocalStorage). */
export interface Store<T> {
  run<R>(value: T, f: () => R): R
  get(): T | undefined
  /** Takes it out of every promise's way until the next `run`. */
  disable(): void
}

/** A resource of the real world, as it was started. */
export interface Started {
  readonly id: number
  readonly type: string
  readonly stack: string
}

/** A promise as it is made. */
export interface MadePromise {
  readonly id: number
  /** The promise that it goes on from; else what was running. */
  readonly from: number
  /** Whether it goes on from a promise: it is the rest of an `await`, or what `then` gave. */
  readonly goesOn: boolean
  /** Where it was made. */
  stack(): Stack
}

/** What a host gives beyond the language; a page has none of it. */
export interface Host {
  /** The modules whose named exports have to be replaced beside the globals. */
  readonly builtins: Readonly<Record<'timers' | 'timersPromises' | 'crypto', Record<string, unknown>>>
  /** Makes named imports of those modules see the replacements. */
  publishBuiltins(): void
  makeStore<T>(): Store<T>
  /** A function that runs in the asynchronous context of now. */
  bind<A extends unknown[], R>(f: (...args: A) => R): (...args: A) => R
  /** The kinds of what is under way in the real world: sockets, files, workers, native timers. */
  activeResources(): string[]
  /** Tells of each resource that is started and of its end, until the function that it gives is called. It is slow. */
  watchStarts(note: (started: Started) => void, ended: (id: number) => void): () => void
  /** Tells of each promise that is made, and when what goes on from one begins to, until the function that it gives is called. */
  watchPromises(made: (promise: MadePromise) => void, begun: (id: number) => void): () => void
  /** Who listens to a target or an emitter for events of a type. */
  listenersOf(target: object, type: unknown): readonly unknown[]
  /** What the host's own emitters inherit from. */
  readonly emitter: object
  /** Tells of each setImmediate() of the host's own, before it is queued, until the function that it gives is called. */
  watchImmediates(note: (immediate: object) => void): () => void
  /** Starts a thread that ends the process when the memory's first word stands still. False: there can be none. */
  startWatchdog(memory: SharedArrayBuffer): boolean
}

let loading: Promise<Host | null> | undefined
let loaded: Host | null = null

/** The host's extras, if somebody has loaded them. */
export function loadedHost(): Host | null {
  return loaded
}

/** The host's extras, null where there are none. */
export function loadHost(): Promise<Host | null> {
  const { process } = globalThis as { process?: { versions?: { node?: string } } }
  loading ??=
    process?.versions?.node === undefined
      ? Promise.resolve(null)
      : import('./node.ts').then(
          (module) => (loaded = module.nodeHost),
          () => null,
        )
  return loading
}
