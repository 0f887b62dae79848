import { pause } from 'heddle'
import AsyncLock from 'async-lock'
import { assert, sleep } from '../support.mjs'

export default {
  package: 'async-lock',
  properties: [
    {
      name: 'one at a time for a key',
      promise: 'Lock on asynchronous code',
      body: async () => {
        const lock = new AsyncLock()
        let running = 0
        const job = async (keys) => {
          await pause('asked')
          await lock.acquire(keys, async () => {
            assert(++running <= 1, `${running} at once`)
            await pause('job')
            running--
          })
        }
        await Promise.all([job('a'), job(['a', 'b']), job('a')])
        assert(!lock.isBusy(), 'still busy')
      },
    },
    {
      name: 'timeout: who is told that it was too late has not run',
      promise: 'timeout error will be returned here if lock not acquired in given time',
      body: async () => {
        const lock = new AsyncLock({ timeout: 100 })
        const job = async (ms) => {
          let ran = false
          const told = await lock.acquire('a', async () => {
            ran = true
            await sleep(ms)
            await pause('job')
          }).then(() => 'ran', () => 'too late')
          assert(ran === (told === 'ran'), `it ${ran ? 'ran' : 'did not run'}, and was told ${told}`)
        }
        await Promise.all([job(50), job(50), job(1)])
        assert(!lock.isBusy(), 'still busy')
      },
    },
    {
      name: 'two that keep to maxExecutionTime are never inside together',
      promise: 'Max amount of time allowed between acquiring the lock and completing execution',
      known: 'known to its maintainers: rogierschouten/async-lock#56',
      body: async () => {
        const lock = new AsyncLock({ maxExecutionTime: 100 })
        let inside = 0
        const job = (ms) => lock.acquire('a', async () => {
          if (ms < 100) assert(++inside <= 1, 'two at once, and neither was late')
          await sleep(ms)
          if (ms < 100) inside--
        })
        await Promise.all([job(150).catch(() => {}), job(90), job(90)])
      },
    },
  ],
}
