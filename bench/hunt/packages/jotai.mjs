import { pause } from 'heddle'
import { atom, createStore } from 'jotai/vanilla'
import { unwrap } from 'jotai/vanilla/utils'
import { assert } from '../support.mjs'

export default {
  package: 'jotai',
  properties: [
    {
      name: 'unwrap: in the end the value of the latest state, whichever request came last',
      promise: 'unwrap: unwraps an async atom to a sync atom',
      body: async () => {
        const id = atom(1)
        const user = atom(async (get) => {
          const asked = get(id)
          await pause(`user ${asked}`)
          return asked
        })
        const shown = unwrap(user)
        const store = createStore()
        const stop = store.sub(shown, () => {})
        await pause('a click')
        store.set(id, 2)
        await pause('another click')
        store.set(id, 3)
        await store.get(user)
        await Promise.resolve()
        await Promise.resolve()
        assert(store.get(shown) === 3, `shows ${store.get(shown)}`)
        stop()
      },
    },
    {
      name: 'the signal of a request that counts no more is aborted',
      promise: 'signal: it uses AbortController so that you can cancel async functions; abort is triggered before new calculation is started',
      body: async () => {
        const id = atom(1)
        const aborted = []
        const user = atom(async (get, { signal }) => {
          const asked = get(id)
          signal.addEventListener('abort', () => aborted.push(asked))
          await pause(`user ${asked}`)
          return asked
        })
        const store = createStore()
        const state = unwrap(user)
        const stop = store.sub(state, () => {})
        store.get(state)
        let done = false
        void store.get(user).then(() => (done = true))
        await pause('a click')
        const early = !done
        store.set(id, 2)
        assert((await store.get(user)) === 2, 'an old user')
        assert(!early || aborted.includes(1), 'the old request goes on')
        stop()
      },
    },
  ],
}
