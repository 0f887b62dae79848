/**
 * generic-pool 2.0.1: when a resource can't be made, whoever waits behind the one that is told so waits for ever, since
 * nobody looks at the queue again. 2.0.2 does, after each failure.
 *
 * CommonJS and callbacks; a deadlock as the symptom.
 *
 * Reported and fixed: https://github.com/coopernurse/node-pool/pull/52
 */
import genericPool_2_0_1 from 'generic-pool-2.0.1'
import genericPool_2_0_2 from 'generic-pool-2.0.2'
import { pause } from 'heddle'

interface Connection {
  readonly number: number
}

/** Two requests share one connection to a database that refuses the first attempt. */
export function requests({ Pool }: typeof genericPool_2_0_1) {
  return async () => {
    let attempts = 0
    const pool = Pool<Connection>({
      name: 'database',
      max: 1,
      async create(callback) {
        const number = ++attempts
        await pause(`attempt ${number}`)
        if (number === 1) callback(new Error('refused'), null)
        else callback(null, { number })
      },
      destroy() {},
    })

    const request = (name: string) =>
      new Promise<void>((resolve) => {
        pool.acquire(async (error, connection) => {
          if (error === null) {
            await pause(`query of ${name}`)
            pool.release(connection)
          }
          resolve()
        })
      })

    const second = async () => {
      await pause('a second request')
      await request('the second')
    }
    await Promise.all([request('the first'), second()])
  }
}

export const scenarios = {
  'generic-pool 2.0.1': requests(genericPool_2_0_1),
  'generic-pool 2.0.2': requests(genericPool_2_0_2),
}
