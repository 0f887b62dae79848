import { pause } from 'heddle'
import { configureStore, createAction, createAsyncThunk, createListenerMiddleware } from '@reduxjs/toolkit'
import { assert, sleep } from '../support.mjs'

const search = createAction('search')

export default {
  package: '@reduxjs/toolkit',
  properties: [
    {
      name: 'listener: after cancelActiveListeners() only the latest goes on',
      promise: 'cancelActiveListeners: Cancels all other running instances of this same listener except for the one that made this call.',
      body: async () => {
        const listener = createListenerMiddleware()
        const store = configureStore({
          reducer: (state = []) => state,
          middleware: () => [listener.middleware],
        })
        let latest
        const late = []
        listener.startListening({
          actionCreator: search,
          effect: async ({ payload }, api) => {
            api.cancelActiveListeners()
            latest = payload
            const found = await api.pause((async () => {
              await pause(`request ${payload}`)
              return payload
            })())
            if (found !== latest) late.push(`${found} after ${latest}`)
          },
        })
        const type = async (text) => {
          await pause(`type ${text}`)
          store.dispatch(search(text))
        }
        await Promise.all([type('a'), type('b'), type('c')])
        await pause('later')
        assert(late.length === 0, `went on with ${late}`)
      },
    },
    {
      name: 'listener: take() resolves with the action, or null after the time',
      promise: 'take: If the timeout expires first, the promise resolves to `null`.',
      body: async () => {
        const listener = createListenerMiddleware()
        const store = configureStore({ reducer: (state = 0) => state, middleware: () => [listener.middleware] })
        let outcome
        listener.startListening({
          type: 'start',
          effect: async (_, api) => {
            outcome = (await api.take((action) => action.type === 'end', 100)) === null ? 'late' : 'taken'
          },
        })
        store.dispatch({ type: 'start' })
        let at
        const end = async () => {
          await sleep(50)
          await pause('the end')
          at = Date.now()
          store.dispatch({ type: 'end' })
        }
        const began = Date.now()
        await end()
        await sleep(200)
        assert(outcome === 'taken' ? at - began <= 100 : at - began >= 100, `${outcome} after ${at - began} ms`)
      },
    },
    {
      name: 'asyncThunk: an abort rejects, and nothing is fulfilled after it',
      promise: 'abort: the thunk dispatches (and returns) a "thunkName/rejected" action',
      body: async () => {
        const load = createAsyncThunk('load', async () => void (await pause('request')))
        const seen = []
        const store = configureStore({
          reducer: (state = 0, action) => {
            if (action.type.startsWith('load/')) seen.push(action.type)
            return state
          },
        })
        const promise = store.dispatch(load())
        await pause('the user leaves')
        promise.abort()
        await promise
        await pause('later')
        assert(seen.length === 2 && seen[0] === 'load/pending', seen.join())
      },
    },
  ],
}
