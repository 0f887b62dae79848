import { isArming } from '../../loop/quiescence.ts'
import type { Host } from '../host.ts'
import { IN_NO_FILE, stackOf } from '../stacks.ts'
import type { Scope } from './scope.ts'
import { VirtualImmediate } from './timeout.ts'

type Callback = (...args: unknown[]) => unknown

/** What Node's `Immediate` keeps in itself (`lib/internal/timers.js`, the same since Node 11). */
interface NodeImmediate {
  _onImmediate: Callback | null
  readonly _argv?: unknown[]
}

/**
 * Immediates that are asked for through the host's own function. Packages of callbacks often take `setImmediate` into a
 * variable when they are loaded, and never see its replacement: what they ask for is queued in the schedule all the same.
 * No real time passes in it; a real timeout is left alone, and named if the run waits for it.
 *
 * The host's handle stays the handle: clearing it takes the callback out of the schedule, unless the step in which it was
 * made is over.
 */
export class AdoptedImmediates {
  readonly #scope: Scope
  readonly stop: () => void

  constructor(scope: Scope, host: Host) {
    this.#scope = scope
    this.stop = host.watchImmediates((immediate) => this.#adopt(immediate))
  }

  #adopt(immediate: object): void {
    const { loop } = this.#scope
    if (loop === null || isArming() || !isImmediate(immediate)) return
    const callback = immediate._onImmediate
    // The program's only: not what a test runner does between two steps, nor what Node does for a socket.
    if (callback === null || loop.acting === null || !isCalledByProgram()) return
    const args = immediate._argv ?? []
    const virtual = new VirtualImmediate(this.#scope, loop, () => callback.apply(immediate, args))
    let ran = false
    let value: Callback | null = () => {
      ran = true
    }
    Object.defineProperty(immediate, '_onImmediate', {
      configurable: true,
      enumerable: true,
      get: () => value,
      // The host takes the callback away when it is cleared, and when it has run.
      set: (v: Callback | null) => {
        value = v
        if (v === null && !ran) virtual.cancel()
      },
    })
  }
}

function isImmediate(resource: object): resource is NodeImmediate {
  return '_onImmediate' in resource
}

/** Whether the immediate that is being made was asked for by something else than Node. This library's own are borders. */
function isCalledByProgram(): boolean {
  const frames = stackOf(21).host.split('\n')
  const made = frames.findLastIndex((f) => /new Immediate \(node:/.test(f))
  // Then comes the function that was called, and then who called it.
  const caller = frames.slice(made + 1).find((f) => !/node:timers|node:internal\/util/.test(f) && !IN_NO_FILE.test(f))
  return made >= 0 && caller !== undefined && !/node:/.test(caller)
}
