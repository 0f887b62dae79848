/**
 * A lock that is released after the work, and not in a `finally`, stays locked when the work is cancelled. Heddle looks for
 * locks that are held at the end: nobody else need want it for the mistake to show.
 */
import { createTask, type ExploreOptions, io, Lock, wait } from 'heddle'

function writer(write: (lock: Lock, save: () => Promise<void>) => PromiseLike<void>) {
  return async () => {
    const lock = new Lock({ name: 'ledger' })
    const save = io(async () => {}, { label: 'save' })
    await wait([createTask(async () => write(lock, save), { name: 'writer' })])
  }
}

export const options: ExploreOptions = { cancel: 'writer' }

export const scenarios = {
  buggy: writer(async (lock, save) => {
    await lock.acquire()
    await save()
    lock.release()
  }),
  repaired: writer((lock, save) => lock.with(save)),
}
