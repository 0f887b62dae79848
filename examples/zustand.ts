/**
 * zustand 5.0.9: of two overlapping `persist.rehydrate()` calls on an asynchronous storage, the one that is answered
 * last wins, also when it was asked first: an older read overwrites the newer one. 5.0.10 numbers the calls and drops
 * the answer of all but the latest.
 *
 * Reported and fixed: https://github.com/pmndrs/zustand/pull/3336
 */
import { pause } from 'heddle'
import { type PersistOptions, persist as persist_5_0_10 } from 'zustand-5.0.10/middleware'
import { createStore as createStore_5_0_10 } from 'zustand-5.0.10/vanilla'
import { persist as persist_5_0_9 } from 'zustand-5.0.9/middleware'
import { createStore as createStore_5_0_9 } from 'zustand-5.0.9/vanilla'

interface Settings {
  theme: string
}

/** What the scenario uses of a persisted store; both versions have it. */
type OpenStore = (options: PersistOptions<Settings>) => {
  getState(): Settings
  readonly persist: { rehydrate(): Promise<void> | void }
}

/** The settings load when the app starts; another device changes them, and the app is told to load them again. */
export function reload(openStore: OpenStore) {
  return async () => {
    let onServer: Settings = { theme: 'light' }

    const store = openStore({
      name: 'settings',
      skipHydration: true,
      storage: {
        async getItem() {
          const state = onServer
          await pause(`answer: ${state.theme}`) // the server has looked it up; the answer is on its way
          return { state, version: 0 }
        },
        async setItem(_name, { state }) {
          await pause(`save: ${state.theme}`)
          onServer = state
        },
        removeItem() {},
      },
    })

    const otherDevice = async () => {
      await pause('other device')
      onServer = { theme: 'dark' }
      await store.persist.rehydrate()
    }

    await Promise.all([store.persist.rehydrate(), otherDevice()])
    const { theme } = store.getState()
    if (theme !== 'dark') throw new Error(`the server has the dark theme, the app shows the ${theme} one`)
  }
}

const initial = (): Settings => ({ theme: 'none' })

export const scenarios = {
  'zustand 5.0.9': reload((options) => createStore_5_0_9(persist_5_0_9(initial, options))),
  'zustand 5.0.10': reload((options) => createStore_5_0_10(persist_5_0_10(initial, options))),
}
