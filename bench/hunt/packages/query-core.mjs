import { pause } from 'heddle'
import { QueryClient, QueryObserver } from '@tanstack/query-core'
import { assert } from '../support.mjs'

const client = () => new QueryClient({ defaultOptions: { queries: { retry: false, gcTime: Infinity, networkMode: 'always' } } })

export default {
  package: '@tanstack/query-core',
  properties: [
    {
      name: 'one request for all that ask while it is under way',
      promise: 'deduping multiple requests for the same data into a single request',
      body: async () => {
        let calls = 0
        const queries = client()
        const ask = async () => {
          await pause('a component')
          return queries.fetchQuery({
            queryKey: ['user'],
            staleTime: Infinity,
            queryFn: async () => {
              calls++
              await pause('request')
              return 'user'
            },
          })
        }
        await Promise.all([ask(), ask(), ask()])
        assert(calls === 1, `${calls} requests`)
        queries.clear()
      },
    },
    {
      name: 'an optimistic update is not overwritten by what was cancelled',
      promise: 'Cancel any outgoing refetches (so they don\'t overwrite our optimistic update)',
      body: async () => {
        const queries = client()
        let server = 'old'
        const observer = new QueryObserver(queries, {
          queryKey: ['todo'],
          initialData: 'initial',
          staleTime: Infinity,
          queryFn: async () => {
            const read = server
            await pause('request')
            return read
          },
        })
        const stop = observer.subscribe(() => {})
        const refetch = observer.refetch().catch(() => {})
        await pause('a click')
        await queries.cancelQueries({ queryKey: ['todo'] })
        queries.setQueryData(['todo'], 'optimistic')
        await refetch
        assert(queries.getQueryData(['todo']) === 'optimistic', queries.getQueryData(['todo']))
        stop()
        queries.clear()
      },
    },
    {
      name: 'after an invalidation the data is not older than it',
      promise: 'invalidateQueries: mark as stale and refetch in the background',
      known: 'published: TanStack/query#8530, #11526',
      body: async () => {
        const queries = client()
        let server = 1
        const observer = new QueryObserver(queries, {
          queryKey: ['n'],
          queryFn: async () => {
            const read = server
            await pause('request')
            return read
          },
        })
        const stop = observer.subscribe(() => {})
        await pause('a change')
        server = 2
        await queries.invalidateQueries({ queryKey: ['n'] })
        assert(queries.getQueryData(['n']) === 2, `${queries.getQueryData(['n'])}`)
        stop()
        queries.clear()
      },
    },
  ],
}
