import { AsyncLocalStorage, AsyncResource, createHook, executionAsyncId, type AsyncHook } from 'node:async_hooks'
import { EventEmitter, getEventListeners } from 'node:events'
import inspector from 'node:inspector'
import { createRequire, syncBuiltinESMExports } from 'node:module'
import { isMainThread, threadId, Worker } from 'node:worker_threads'
import type { Host, MadePromise, Started, Store } from './host.ts'
import { laterStack, stackOf } from './stacks.ts'
import { WATCHDOG_SOURCE } from './watchdog-source.ts'

const require = createRequire(import.meta.url)

/** Resources that say nothing of the program: the loop's own macrotask borders, and Node's bookkeeping. */
const OWN = new Set(['Immediate', 'TickObject', 'CloseReq'])

/** Where this library's own code lies. */
const OWN_CODE = import.meta.url.replace(/\/world\/[^/]*$/, '/')

/** From Node 24 on, a hook that is told of no promises costs them nothing; before, it is an option that nobody reads. */
const WITHOUT_PROMISES = { trackPromises: false }

/** What Node gives beyond the language. The one file of this folder that imports from it. */
export const nodeHost: Host = {
  builtins: {
    timers: require('node:timers') as Record<string, unknown>,
    timersPromises: require('node:timers/promises') as Record<string, unknown>,
    crypto: require('node:crypto') as Record<string, unknown>,
  },

  publishBuiltins: syncBuiltinESMExports,

  makeStore<T>(): Store<T> {
    const storage = new AsyncLocalStorage<T>()
    return {
      run: (value, f) => storage.run(value, f),
      get: () => storage.getStore(),
      disable: () => storage.disable(),
    }
  },

  bind<A extends unknown[], R>(f: (...args: A) => R): (...args: A) => R {
    // AsyncResource.bind costs ten times as much: it gives each function a property with a warning of its own.
    const resource = new AsyncResource('heddle', { requireManualDestroy: true })
    return (...args) => resource.runInAsyncScope(f, undefined, ...args)
  },

  activeResources(): string[] {
    // Whoever writes first opens them, as pipes perhaps: that is no resource of the program's.
    void process.stdout
    void process.stderr
    return process.getActiveResourcesInfo().filter((type) => !OWN.has(type))
  },

  watchStarts(note: (started: Started) => void, ended: (id: number) => void): () => void {
    const hook: AsyncHook = createHook({
      ...WITHOUT_PROMISES,
      destroy: ended,
      init(id, type) {
        // Node's own kinds are in capitals; the others are AsyncResources of libraries, and nothing real.
        if (type === 'PROMISE' || !/^([A-Z0-9_]+|Timeout)$/.test(type)) return
        // Node's own part of a stack can be long.
        note({ id, type, stack: stackOf(51).words })
      },
    })
    hook.enable()
    return () => hook.disable()
  },

  watchPromises(made: (promise: MadePromise) => void, begun: (id: number) => void): () => void {
    const hook: AsyncHook = createHook({
      init(id, type, from) {
        // Node's own part of the stack is short here, and the library's is not.
        if (type === 'PROMISE') made({ id, from, goesOn: from !== executionAsyncId(), stack: laterStack(51) })
      },
      before: begun,
    })
    hook.enable()
    return () => hook.disable()
  },

  listenersOf: (target, type) => getEventListeners(target as EventEmitter, type as string),
  emitter: EventEmitter.prototype,

  watchImmediates(note: (immediate: object) => void): () => void {
    const hook: AsyncHook = createHook({
      ...WITHOUT_PROMISES,
      init(_id, type, _trigger, resource) {
        if (type === 'Immediate') note(resource)
      },
    })
    hook.enable()
    return () => hook.disable()
  },

  startWatchdog(memory: SharedArrayBuffer): boolean {
    // A debugger that holds the program up is no hang.
    if (inspector.url() !== undefined) return false
    let worker: Worker
    try {
      worker = new Worker(WATCHDOG_SOURCE, {
        eval: true,
        workerData: { memory, thread: isMainThread ? 0 : threadId, own: OWN_CODE },
        execArgv: [],
        env: {},
        stdin: false,
      })
    } catch {
      // Node's permission model, or a host that is out of threads: an exploration can do without.
      return false
    }
    worker.unref()
    worker.on('error', () => {})
    return true
  },
}
