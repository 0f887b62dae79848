import { pause } from 'heddle'
import { persist } from 'zustand/middleware'
import { createStore } from 'zustand/vanilla'
import { assert } from '../support.mjs'

export default {
  package: 'zustand',
  properties: [
    {
      name: 'persist: of two rehydrations the later one counts',
      promise: 'rehydrate: the store is rehydrated with what is in the storage',
      body: async () => {
        let stored = 'one'
        let reads = 0
        const store = createStore(persist(() => ({ value: 'initial' }), {
          name: 'store',
          skipHydration: true,
          storage: {
            getItem: async () => {
              const value = stored
              await pause(`read ${++reads}`)
              return { state: { value }, version: 0 }
            },
            setItem: () => {},
            removeItem: () => {},
          },
        }))
        const first = store.persist.rehydrate()
        await pause('another tab writes')
        stored = 'two'
        await Promise.all([first, store.persist.rehydrate()])
        assert(store.getState().value === 'two' && store.persist.hasHydrated(), store.getState().value)
      },
    },
    {
      name: 'persist: what is cleared during hydration stays cleared',
      promise: 'clearStorage: the persisted data is removed from the storage',
      body: async () => {
        let stored = { state: { value: 'old' }, version: 0 }
        const store = createStore(persist(() => ({ value: 'initial' }), {
          name: 'store',
          skipHydration: true,
          version: 1,
          migrate: async (state) => {
            await pause('migrate')
            return state
          },
          storage: {
            getItem: async () => {
              const value = stored
              await pause('read')
              return value
            },
            setItem: (_, value) => void (stored = value),
            removeItem: () => void (stored = null),
          },
        }))
        const hydration = store.persist.rehydrate()
        let done = false
        void hydration.then(() => (done = true))
        await pause('sign out')
        const before = !done
        store.persist.clearStorage()
        await hydration
        assert(!before || stored === null, 'it is stored again')
      },
    },
  ],
}
