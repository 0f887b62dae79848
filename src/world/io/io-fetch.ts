import type { Awaitable, Coroutine } from '../../asyncio/awaitable.ts'
import { callIo, type IoOptions, planOf } from './io.ts'
import { Answer, type IoResult } from './operation.ts'

/** What answers requests in the place of the network. */
export type FetchHandler = (request: Request) => Coroutine<Response> | Awaitable<Response> | PromiseLike<Response> | Response

/** `fetch`, for code under test. */
export type IoFetch = (input: string | URL | Request, init?: RequestInit) => IoResult<Response>

/**
 * A stand-in for `fetch` over a handler of one's own. Each request is an operation of the outside world as with `io`: the
 * handler runs when the request arrives. An abort of the request's signal rejects at once with the signal's reason. Lost requests and answers reject with `TypeError: fetch failed`, as in the host.
 *
 * @throws TypeError where the host has no Request, or for a wrong option
 * @example
 * ```ts
 * const fetch = ioFetch(async (request) => new Response(`you asked for ${request.url}`), { faults: true })
 * const text = await (await fetch('https://example.org/a')).text()
 * ```
 */
export function ioFetch(handler: FetchHandler, options: IoOptions<[Request]> = {}): IoFetch {
  if (typeof Request !== 'function') throw new TypeError('ioFetch needs a host with Request and Response')
  const failed = (): Error => new TypeError('fetch failed')
  const faults = options.faults === true ? { rejectBefore: failed, rejectAfter: failed } : options.faults
  const label = options.label ?? ((request: Request) => `${request.method} ${pathOf(request.url)}`)
  const plan = planOf<[Request]>('fetch', { ...options, faults, label })
  return (input, init) => {
    const signal = init?.signal ?? (input instanceof Request ? input.signal : undefined)
    // The signal is honoured here: a request that had it would keep a listener of the host's on it.
    const { signal: _, ...rest } = init ?? {}
    const request = input instanceof Request && init === undefined ? input : new Request(input, rest)
    if (signal?.aborted === true) return callAborted(signal)
    const result = callIo<[Request], Response>(plan, [request], () => handler(request))
    if (signal !== undefined && signal !== null && result instanceof Answer) follow(signal, result)
    return result
  }
}

function callAborted(signal: AbortSignal): IoResult<Response> {
  const plan = planOf<[]>('fetch', {})
  const result = callIo<[], Response>(plan, [], () => {
    throw signal.reason
  })
  if (result instanceof Answer) result.abort(signal.reason)
  return result
}

/** Rejects when the signal aborts, and listens no longer than the answer takes. */
function follow(signal: AbortSignal, answer: Answer<Response>): void {
  const abort = (): void => answer.abort(signal.reason)
  signal.addEventListener('abort', abort)
  answer.addWaiter({ settled: () => signal.removeEventListener('abort', abort), leadsOn: () => false })
}

function pathOf(url: string): string {
  const { pathname, search } = new URL(url)
  return pathname + search
}
