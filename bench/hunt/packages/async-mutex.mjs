import { pause } from 'heddle'
import { Mutex, Semaphore, withTimeout, E_CANCELED } from 'async-mutex'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'async-mutex',
  properties: [
    {
      name: 'waitForUnlock() resolves when the semaphore can be had, after a cancel() too',
      promise: 'The promise will resolve as soon as it is possible to `acquire` the semaphore with the given weight and priority.',
      trophy: 'async-mutex-cancel',
      body: async () => {
        const semaphore = new Semaphore(2)
        const [, release] = await semaphore.acquire(1)
        const heavy = async () => {
          await pause('a job for two')
          const job = semaphore.runExclusive(() => {}, 2).catch((error) => assert(error === E_CANCELED, error.message))
          await pause('the user cancels')
          semaphore.cancel()
          await job
        }
        const watcher = async () => {
          await pause('a watcher')
          await semaphore.waitForUnlock(1)
        }
        // The permit that is out comes back when the watcher has seen the one that is free.
        await Promise.all([heavy(), watcher().then(release)])
      },
    },
    {
      name: 'never more than the value at once',
      promise: 'a semaphore that allows as many at once as its value says',
      body: async () => {
        const semaphore = new Semaphore(2)
        let running = 0
        const job = async (weight, priority) => {
          await pause('asked')
          await semaphore.runExclusive(async () => {
            running += weight
            assert(running <= 2, `${running} at once`)
            await pause('job')
            running -= weight
          }, weight, priority)
        }
        await Promise.all([job(1, 0), job(2, 1), job(1, 2)])
        assert(semaphore.getValue() === 2, `the value is ${semaphore.getValue()}`)
      },
    },
    {
      name: 'a lock that timed out is not held',
      promise: 'If the lock cannot be had in time the promise rejects',
      body: async () => {
        const mutex = new Mutex()
        const limited = withTimeout(mutex, 100)
        const holder = mutex.runExclusive(async () => {
          await sleep(50)
          await pause('work')
        })
        let outcome
        const waiter = limited.runExclusive(async () => {
          outcome = 'ran'
        }).catch(() => {
          assert(outcome === undefined, 'it ran, and was told that it had not')
          outcome = 'timed out'
        })
        await Promise.all([holder, waiter])
        await sleep(1)
        assert(!mutex.isLocked(), `still locked after it ${outcome}`)
      },
    },
  ],
}
