import type { Outcome } from '../../asyncio/awaitable.ts'
import { Connection } from './connection.ts'
import { callIo, type IoOptions, type IoPlan, planOf } from './io.ts'
import type { IoResult } from './operation.ts'

/** An object whose methods are I/O; everything else of it is as it was. */
export type IoObject<T extends object> = {
  [K in keyof T]: T[K] extends (...args: infer A) => infer R ? (...args: A) => IoResult<Outcome<R>> : T[K]
}

/** How the methods of an object behave in a run. */
export interface IoObjectOptions<T extends object> extends Omit<IoOptions, 'label' | 'latency'> {
  /** What reports call the object, before the method's name. Default: its class. */
  readonly label?: string | undefined
  /** Seconds of virtual time that each call takes. */
  readonly latency?: number | undefined
  /** Options of single methods, instead of those of the object. */
  readonly methods?: { readonly [K in keyof T]?: IoOptions<unknown[]> } | undefined
}

type Method = (...args: unknown[]) => unknown

/**
 * Makes every method of a client (a repository, a store, a queue) an operation of the outside world, as `io` does for one
 * function. Methods see the object itself as `this`, so that what they call on it is no further operation. Getters and
 * data are untouched. With `ordered`, all methods share one connection.
 *
 * @throws TypeError or RangeError for a wrong option
 * @example
 * ```ts
 * const store = ioObject(new Map<string, string>(), { label: 'redis', ordered: true })
 * await store.set('a', '1')
 * ```
 */
export function ioObject<T extends object>(object: T, options: IoObjectOptions<T> = {}): IoObject<T> {
  if (typeof object !== 'object' || object === null) throw new TypeError(`ioObject wraps an object, not ${String(object)}`)
  const { label, latency, methods, ...common } = options
  const name = label ?? (object.constructor?.name === 'Object' ? undefined : object.constructor?.name)
  const connection = common.connection ?? (common.ordered === true ? new Connection() : undefined)
  const wrapped = new Map<PropertyKey, { readonly method: Method; readonly wrapper: Method }>()

  const planFor = (key: PropertyKey): IoPlan<unknown[]> => {
    const own = methods?.[key as keyof T]
    const full = name === undefined ? String(key) : `${name}.${String(key)}`
    return planOf(full, { ...common, ...(latency === undefined ? {} : { latency }), ...(connection === undefined ? {} : { connection }), ...own })
  }
  // Wrong options are told of now, and not in some schedule.
  planFor('constructor')
  for (const key of Object.keys(methods ?? {})) planFor(key)

  return new Proxy(object, {
    get(target, key): unknown {
      const value: unknown = Reflect.get(target, key, target)
      if (typeof value !== 'function' || key === 'constructor' || isFixed(target, key)) return value
      const known = wrapped.get(key)
      if (known?.method === value) return known.wrapper
      const method = value as Method
      const plan = planFor(key)
      const wrapper = (...args: unknown[]): unknown => callIo(plan, args, () => method.apply(target, args))
      wrapped.set(key, { method, wrapper })
      return wrapper
    },
    set: (target, key, value) => Reflect.set(target, key, value, target),
  }) as IoObject<T>
}

/** What a proxy must show as it is. */
function isFixed(target: object, key: PropertyKey): boolean {
  const own = Reflect.getOwnPropertyDescriptor(target, key)
  return own !== undefined && own.configurable === false && own.writable === false
}
