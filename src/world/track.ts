import { currentLoop } from '../asyncio/current-loop.ts'
import type { EventLoop } from '../asyncio/event-loop.ts'
import type { Access } from '../loop/runnable.ts'

type Kind = Access['kind']

/** Methods of the built-in collections that change nothing; every other method counts as a write. */
const READING = new Set<PropertyKey>(
  ['get', 'has', 'forEach', 'keys', 'values', 'entries', 'union', 'intersection', 'difference', 'isSubsetOf', 'isSupersetOf'],
)

/** Under reduction all properties count as one object: who first touches one would decide its number otherwise. */
const ANY_PROPERTY = -1

/** The numbers that one run gives to the properties of one object. */
class Numbers {
  readonly loop: EventLoop
  readonly #byProperty = new Map<PropertyKey, number>()

  constructor(loop: EventLoop) {
    this.loop = loop
  }

  of(property: PropertyKey): number {
    let n = this.#byProperty.get(property)
    if (n === undefined) {
      n = this.loop.newObject(ANY_PROPERTY)
      this.#byProperty.set(property, n)
    }
    return n
  }
}

/** What stands for the set of an object's own keys, which reading all of them reads and adding one writes. */
const KEYS = Symbol('keys')

const proxies = new WeakMap<object, object>()
const numbers = new WeakMap<object, Numbers>()

function note(target: object, property: PropertyKey, kind: Kind): void {
  const loop = currentLoop()
  if (loop === null || loop.onAccess === null) return
  let known = numbers.get(target)
  if (known === undefined || known.loop !== loop) {
    known = new Numbers(loop)
    numbers.set(target, known)
  }
  loop.onAccess.access({ object: known.of(property), kind })
}

/** By which properties an object was reached from the one that was given to `track`. */
const paths = new WeakMap<object, string>()

function pathOf(target: object, property: PropertyKey): string {
  const path = paths.get(target)
  return path === undefined ? String(property) : `${path}.${String(property)}`
}

/** Tells an instrumented run what a property holds now. */
function tell(target: object, property: PropertyKey, kind: Kind, value: unknown): void {
  const recorder = currentLoop()?.recorder
  if (recorder == null || typeof property === 'symbol' || typeof value === 'function') return
  // What is read on the way to something inside it says nothing by itself.
  if (kind === 'read' && typeof value === 'object' && value !== null) paths.set(value, pathOf(target, property))
  else recorder.valueSeen(pathOf(target, property), kind, value)
}

/**
 * Records the reads and writes of an object's properties, and of the plain objects, arrays, maps and sets in it, so
 * that strategies see which steps touch the same state. It is no scheduling point. Use the object that it returns.
 *
 * Objects with `#private` fields can't be tracked: their methods fail on a Proxy.
 *
 * @example
 * ```ts
 * const account = track({ balance: 100 })
 * account.balance -= 10 // a read and a write of `balance`
 * ```
 */
export function track<T extends object>(object: T): T {
  const known = proxies.get(object)
  if (known !== undefined) return known as T
  const proxy = object instanceof Map || object instanceof Set ? trackCollection(object) : new Proxy(object, handler)
  proxies.set(object, proxy)
  proxies.set(proxy, proxy)
  return proxy as T
}

function nested(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  const prototype: unknown = Object.getPrototypeOf(value)
  const plain = prototype === Object.prototype || prototype === null
  return plain || Array.isArray(value) || value instanceof Map || value instanceof Set ? track(value) : value
}

const handler: ProxyHandler<object> = {
  get(target, property, receiver) {
    note(target, property, 'read')
    const value: unknown = Reflect.get(target, property, receiver)
    tell(target, property, 'read', value)
    const own = Reflect.getOwnPropertyDescriptor(target, property)
    // A frozen property must be given as it is.
    return own !== undefined && own.configurable === false && own.writable === false ? value : nested(value)
  },
  set(target, property, value, receiver) {
    if (!Object.hasOwn(target, property)) {
      note(target, KEYS, 'write')
      // A new element changes the length without setting it.
      if (Array.isArray(target)) note(target, 'length', 'write')
    }
    note(target, property, 'write')
    const done = Reflect.set(target, property, value, receiver)
    tell(target, property, 'write', value)
    return done
  },
  has(target, property) {
    note(target, property, 'read')
    return Reflect.has(target, property)
  },
  deleteProperty(target, property) {
    note(target, KEYS, 'write')
    note(target, property, 'write')
    return Reflect.deleteProperty(target, property)
  },
  ownKeys(target) {
    note(target, KEYS, 'read')
    return Reflect.ownKeys(target)
  },
}

/** A map or a set counts as one object: its methods work on internal slots that a Proxy does not have. */
function trackCollection(collection: Map<unknown, unknown> | Set<unknown>): object {
  return new Proxy(collection, {
    get(target, property) {
      if (property === 'size') note(target, KEYS, 'read')
      const value: unknown = Reflect.get(target, property, target)
      if (typeof value !== 'function') return value
      return (...args: unknown[]): unknown => {
        note(target, KEYS, READING.has(property) || typeof property === 'symbol' ? 'read' : 'write')
        const result: unknown = Reflect.apply(value, target, args)
        if (!READING.has(property)) tell(target, 'size', 'write', target.size)
        return result === target ? track(target) : result
      }
    },
  })
}
