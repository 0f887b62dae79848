import { spawnSync } from 'node:child_process'
import { check, pause, run } from 'heddle'
import { describe, expect, test } from 'vitest'

// As a package does that is loaded before the exploration.
const taken = setImmediate
const takenClear = clearImmediate

describe('setImmediate, taken before the exploration', () => {
  test('is awaited, and is no escape', async () => {
    const report = await check(async () => {
      await pause('a')
      await new Promise<void>((resolve) => taken(resolve))
      await pause('b')
    })
    expect(report).toMatchObject({ failures: 0, exhausted: true })
  })

  test('is queued for each callback that asks for it, however it was resumed', async () => {
    const report = await check(async () => {
      const seen: string[] = []
      await new Promise<void>((resolve) => {
        taken(() => {
          seen.push('first')
          void pause('read').then(() => taken(() => resolve(void seen.push('second'))))
        })
      })
      if (seen.join() !== 'first,second') throw new Error(seen.join())
    })
    expect(report).toMatchObject({ failures: 0, exhausted: true })
  })

  test('runs before or after what is ready', async () => {
    const orders = new Set<string>()
    const report = await check(async () => {
      const order: string[] = []
      const other = async () => {
        await pause('a')
        order.push('a')
      }
      const immediate = new Promise<void>((resolve) => taken((name: string) => resolve(void order.push(name)), 'i'))
      await Promise.all([other(), immediate])
      orders.add(order.join(''))
    })
    expect(report).toMatchObject({ failures: 0, exhausted: true })
    expect([...orders].toSorted()).toEqual(['ai', 'ia'])
  })

  test('keeps its order among its like, and with those of the replaced one', async () => {
    const orders = new Set<string>()
    await check(async () => {
      const order: number[] = []
      taken(() => order.push(1))
      setImmediate(() => order.push(2))
      await new Promise<void>((resolve) => taken(() => resolve(void order.push(3))))
      orders.add(order.join())
    })
    expect([...orders]).toEqual(['1,2,3'])
  })

  test('does not run once it is cleared', async () => {
    const report = await check(async () => {
      let ran = false
      const handle = taken(() => {
        ran = true
      })
      takenClear(handle)
      await pause('a')
      await pause('b')
      if (ran) throw new Error('it ran')
    })
    expect(report).toMatchObject({ failures: 0, exhausted: true })
  })

  test('a throw in it is a failure of the schedule', async () => {
    const report = await check(async () => {
      taken(() => {
        throw new Error('in a callback')
      })
      await pause('a')
      await pause('b')
    })
    expect(report.failure).toMatchObject({ kind: 'unhandled', error: new Error('in a callback') })
  })

  test('is the host\'s own outside an exploration', async () => {
    let outside = false
    await new Promise<void>((resolve) => taken(() => resolve(void (outside = true))))
    expect(outside).toBe(true)
    expect(await run(async () => 1)).toBe(1)
  })
})

test('an exploration ends where another library had put its own setImmediate in the place of the host\'s before Heddle was loaded', () => {
  const program = `
    const real = setImmediate
    globalThis.setImmediate = (callback, ...args) => real((...given) => callback(...given), ...args)
    const { check, pause } = await import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)})
    const taken = setImmediate
    const report = await check(async () => {
      const order = []
      const other = async () => {
        await pause('a')
        order.push('a')
      }
      await Promise.all([other(), new Promise((resolve) => taken((name) => resolve(order.push(name)), 'i'))])
      if (order.join('') === 'ai') throw new Error('a first')
    }, { strategy: 'exhaustive' })
    console.log(report.schedules, String(report.failure?.error))`
  const { stdout, status } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
  expect([stdout, status]).toEqual(['2 Error: a first\n', 0])
})
