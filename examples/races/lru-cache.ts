/**
 * lru-cache 11.2.1: with `ignoreFetchAbort` and `allowStaleOnFetchAbort` a fetch goes on after its caller has aborted it,
 * and its result is to be cached. For a key that was new it isn't: the abort has taken the entry away, and the result
 * finds no place. 11.2.2 writes it all the same.
 *
 * An AbortSignal against the answer of a fetch.
 *
 * Reported: https://github.com/isaacs/node-lru-cache/issues/388
 */
import { pause } from 'heddle'
import { LRUCache as LRUCache_11_2_1 } from 'lru-cache-11.2.1'
import { LRUCache as LRUCache_11_2_2 } from 'lru-cache-11.2.2'

/** What the scenario uses of the package; both versions have it. */
type Cache = new (options: {
  max: number
  ignoreFetchAbort: boolean
  allowStaleOnFetchAbort: boolean
  fetchMethod(path: string): Promise<string>
}) => {
  fetch(path: string, options: { signal: AbortSignal }): Promise<unknown>
  get(path: string): unknown
}

/** Somebody asks for a page and leaves; the next one should find it in the cache. */
export function visit(LRUCache: Cache) {
  return async () => {
    let answered: Promise<string> | undefined
    const fetchPage = async (path: string) => {
      await pause(`answer for ${path}`)
      return `the page at ${path}`
    }
    const cache = new LRUCache({
      max: 10,
      ignoreFetchAbort: true,
      allowStaleOnFetchAbort: true,
      fetchMethod: (path) => (answered = fetchPage(path)),
    })

    const visitor = new AbortController()
    const read = cache.fetch('/news', { signal: visitor.signal })
    const leave = async () => {
      await pause('the visitor leaves')
      visitor.abort()
    }
    await Promise.all([read.catch(() => {}), leave()])
    await answered

    await pause('the next visitor')
    if (cache.get('/news') === undefined) throw new Error('the page was fetched, and is not in the cache')
  }
}

export const scenarios = {
  'lru-cache 11.2.1': visit(LRUCache_11_2_1),
  'lru-cache 11.2.2': visit(LRUCache_11_2_2),
}
