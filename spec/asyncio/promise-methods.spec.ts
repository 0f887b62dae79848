import { check, external, Future, Lock, pause, run, shared, sleep } from '../../src/index.ts'
import { describe, expect, test } from 'vitest'

const awaitables = {
  pause: () => pause('a'),
  external: () => external('b', () => 1),
  sleep: () => sleep(1),
  'sleep(0)': () => sleep(0),
  'a future': () => {
    const future = new Future<number>()
    void sleep(1).then(() => future.setResult(1))
    return future
  },
  'a lock': () => new Lock().acquire(),
  'a shared cell': () => shared(1).read(),
}

describe.each(Object.entries(awaitables))('%s', (_name, make) => {
  test('has the methods of a promise', async () => {
    const seen: string[] = []
    const report = await check(
      async () => {
        seen.length = 0
        const value = await make()
          .catch(() => seen.push('caught'))
          .finally(() => seen.push('finally'))
        const same = await make().finally(() => seen.push('finally'))
        if (value !== same) throw new Error(`${String(value)} and ${String(same)}`)
      },
      { strategy: 'fifo', schedules: 1 },
    )
    expect(report.failure?.error).toBeUndefined()
    expect(seen).toEqual(['finally', 'finally'])
  })
})

test('catch() is given the error, and finally() lets it pass', async () => {
  const failing = () =>
    external('f', () => {
      throw new Error('no')
    })
  const seen: unknown[] = []
  await run(async () => {
    seen.push(await failing().catch((e: unknown) => String(e)))
    seen.push(await failing().finally(() => seen.push('finally')).catch((e: unknown) => String(e)))
  })
  expect(seen).toEqual(['Error: no', 'finally', 'Error: no'])
})

test('outside a run pause() has them too', async () => {
  const seen: string[] = []
  await pause('x').catch(() => seen.push('caught')).finally(() => seen.push('finally'))
  await pause('y').finally(() => seen.push('finally'))
  expect(seen).toEqual(['finally', 'finally'])
})

describe.each([
  ['a future', () => {
    const future = new Future<number>()
    future.setResult(1)
    return future
  }],
  ['a coroutine', () => sleep(0, 1)],
] as const)('bound functions given to then() of %s are callbacks as any other', (_name, make) => {
  test('what one throws rejects the promise', async () => {
    const fails = {
      on(): never {
        throw new Error('no')
      },
    }
    const outcome = await run(async () => {
      const { on } = fails
      try {
        return await make().then(on.bind(fails), on.bind(fails))
      } catch (error) {
        return String(error)
      }
    })
    expect(outcome).toBe('Error: no')
  })
})

// ECMAScript: the `then` of a thenable is called in the first microtask, what it resolves goes on in the second.
test('an await of a future that is done goes on as soon as one of any thenable', async () => {
  const order = async (awaited: PromiseLike<unknown>): Promise<unknown[]> => {
    const log: unknown[] = []
    const awaiting = (async () => log.push(await awaited))()
    for (let turn = 1; turn <= 5; turn++) {
      await Promise.resolve()
      log.push(turn)
    }
    await awaiting
    return log
  }
  await run(async () => {
    const done = new Future<string>()
    done.setResult('there')
    expect(await order(done)).toEqual([1, 'there', 2, 3, 4, 5])
    expect(await order({ then: (resolve) => resolve?.('there') as never })).toEqual([1, 'there', 2, 3, 4, 5])
  })
})
