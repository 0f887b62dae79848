/**
 * `waitFor` may time out in the very instant in which the result arrives. Then there is a result, an open connection, that
 * nobody has: whoever opens one must close it whatever the wait for it came to.
 */
import { choose, io, shield, TimeoutError, waitFor } from 'heddle'

interface Opened {
  close(): void
}

function connect(open: (dial: () => Promise<Opened>) => Promise<Opened>) {
  return async () => {
    let connections = 0
    const dial = io(
      async (): Promise<Opened> => {
        connections++
        return { close: () => connections-- }
      },
      { label: 'dial', latency: () => choose([0.5, 1], 'seconds to dial') },
    )
    try {
      const connection = await open(dial)
      connection.close()
    } catch (error) {
      if (!(error instanceof TimeoutError)) throw error
    }
    if (connections !== 0) throw new Error('a connection is open, and nobody has it')
  }
}

export const scenarios = {
  buggy: connect(async (dial) => waitFor(dial(), 1)),
  repaired: connect(async (dial) => {
    const dialling = dial()
    try {
      return await waitFor(shield(dialling), 1)
    } catch (error) {
      const late = await dialling
      late.close()
      throw error
    }
  }),
}
