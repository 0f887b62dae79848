import { LRUCache as Fixed } from 'lru-cache-11.2.2'
import { LRUCache as Buggy } from 'lru-cache-11.2.1'
import { expect, test } from 'vitest'
import { foundOnlyIn } from './found.ts'

test('what is fetched in spite of an abort is in the cache', async () => {
  const scenario = (LRUCache: typeof Fixed) => async () => {
    const read = async (key: string) => key.toUpperCase()
    const load = async (key: string) => await read(key)
    let loading: Promise<string> | undefined
    const cache = new LRUCache<string, string>({
      max: 2,
      ignoreFetchAbort: true,
      allowStaleOnFetchAbort: true,
      fetchMethod: (key) => (loading = load(key)),
    })
    const request = new AbortController()
    const answer = async () => {
      try {
        await cache.fetch('a', { signal: request.signal })
      } catch {
        // It was aborted; the cache goes on loading.
      }
    }
    const leave = async () => {
      await read('the page')
      request.abort()
    }
    await Promise.all([answer(), leave()])
    await loading
    expect(cache.get('a')).toBe('A')
  }
  const { failure } = await foundOnlyIn(scenario(Buggy as unknown as typeof Fixed), scenario(Fixed), 'lru-cache: abort')
  expect(failure?.kind).toBe('error')
})
