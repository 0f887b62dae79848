/**
 * async-mutex 0.3.2: `waitForUnlock()` resolves while another holder has the lock.
 *
 * Releasing the mutex first told everybody in `waitForUnlock()` that it was free, and then handed it to the next
 * `runExclusive()` in the queue. 0.4.0 tells them only when nobody wants it any more.
 *
 * Reported: https://github.com/DirtyHairy/async-mutex/issues/52
 */
import * as v0_3 from 'async-mutex-0.3'
import * as v0_4 from 'async-mutex-0.4'
import { pause } from 'heddle'

/** What the scenario uses of the package; both versions have it. */
interface AsyncMutex {
  readonly Mutex: new () => {
    runExclusive<T>(worker: () => Promise<T>): Promise<T>
    waitForUnlock(): Promise<void>
  }
}

/** Two transfers, one at a time, and an audit that wants to see the accounts between two, not in the middle of one. */
export function audit({ Mutex }: AsyncMutex) {
  return async () => {
    const mutex = new Mutex()
    const accounts = { checking: 100, savings: 0 }

    const transfer = (amount: number) =>
      mutex.runExclusive(async () => {
        await pause(`withdraw ${amount}`)
        accounts.checking -= amount
        await pause(`deposit ${amount}`)
        accounts.savings += amount
      })

    const total = async () => {
      await pause('log in')
      await mutex.waitForUnlock()
      await pause('read checking')
      const checking = accounts.checking
      await pause('read savings')
      return checking + accounts.savings
    }

    const [, , seen] = await Promise.all([transfer(10), transfer(20), total()])
    if (seen !== 100) throw new Error(`the audit saw ${seen} in two accounts that hold 100`)
  }
}

export const scenarios = {
  'async-mutex 0.3.2': audit(v0_3),
  'async-mutex 0.4.0': audit(v0_4),
}
