/**
 * Two callers ask for the same page, and share one request. If that listens to the first caller's signal, its abort
 * reaches the second one too, who never gave up. The request must go on as long as anybody waits for it.
 */
import { abortAnywhere, gather, ioFetch } from 'heddle'

type Load = (url: string, signal: AbortSignal) => Promise<string>
type Fetch = ReturnType<typeof ioFetch>

function sharing(fetch: Fetch): Load {
  const underWay = new Map<string, Promise<string>>()
  return (url, signal) => {
    let page = underWay.get(url)
    if (page === undefined) {
      page = (async () => (await fetch(url, { signal })).text())()
      underWay.set(url, page)
    }
    return page
  }
}

function sharingFairly(fetch: Fetch): Load {
  const underWay = new Map<string, { readonly page: Promise<string>; readonly controller: AbortController; callers: number }>()
  return (url, signal) => {
    let request = underWay.get(url)
    if (request === undefined) {
      const controller = new AbortController()
      const page = (async () => (await fetch(url, { signal: controller.signal })).text())()
      request = { page, controller, callers: 0 }
      underWay.set(url, request)
    }
    const shared = request
    shared.callers++
    return new Promise((resolve, reject) => {
      const leave = (): void => {
        reject(signal.reason)
        if (--shared.callers > 0) return
        // Nobody may join a request that is being given up.
        underWay.delete(url)
        shared.controller.abort()
      }
      signal.addEventListener('abort', leave)
      shared.page.then(resolve, reject).finally(() => signal.removeEventListener('abort', leave))
    })
  }
}

function twoCallers(share: (fetch: Fetch) => Load) {
  return async () => {
    const fetch = ioFetch(async () => new Response('the page'), { label: 'GET' })
    const load = share(fetch)
    const first = abortAnywhere(new AbortController(), { label: 'the first caller' })
    const second = new AbortController()
    const mayAbort = async (): Promise<string> => load('https://example.org/', first.signal).catch(() => 'gave up')
    const [, page] = await gather([mayAbort, () => load('https://example.org/', second.signal)])
    if (page !== 'the page') throw new Error(`the second caller got ${page}`)
  }
}

export const scenarios = { buggy: twoCallers(sharing), repaired: twoCallers(sharingFairly) }
