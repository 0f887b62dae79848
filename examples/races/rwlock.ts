/**
 * rwlock 4.0.0: after a timeout the lock hangs. A waiter that has given up stays in the queue; when the holder lets go, it
 * is the one that is called, it does nothing, and nobody after it ever gets its turn. 5.0.0 takes it out of the queue.
 *
 * A timer against the end of an operation; CommonJS, callbacks, and a deadlock as the symptom.
 *
 * Reported and fixed: https://github.com/71104/rwlock/pull/4
 */
import { pause } from 'heddle'
import RWLock4 from 'rwlock-4'
import RWLock5 from 'rwlock-5'

/** Three saves of a document, one at a time; the second one does not want to wait for longer than a second. */
export function saves(ReadWriteLock: typeof RWLock4) {
  return async () => {
    const lock = new ReadWriteLock()

    const save = (version: number, patience?: number) =>
      new Promise<boolean>((resolve) => {
        const write = async (release: () => void) => {
          await pause(`write version ${version}`)
          release()
          resolve(true)
        }
        const giveUp = () => resolve(false)
        lock.writeLock(write, patience === undefined ? {} : { timeout: patience, timeoutCallback: giveUp })
      })

    await Promise.all([save(1), save(2, 1000), save(3)])
  }
}

export const scenarios = {
  'rwlock 4.0.0': saves(RWLock4),
  'rwlock 5.0.0': saves(RWLock5),
}
