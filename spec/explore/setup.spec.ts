import { describe, expect, test } from 'vitest'
import { check, checkSync, type ExploreOptions, Future } from '../../src/index.ts'
import { fine, two } from './bodies.ts'

describe('setup and what it returns', () => {
  test('run before and after each schedule, whatever becomes of it', async () => {
    const log: string[] = []
    let open = 0
    const options: ExploreOptions = {
      strategy: 'exhaustive',
      bail: false,
      setup: () => {
        expect(open).toBe(0)
        open++
        log.push('up')
        return () => {
          open--
          log.push('down')
        }
      },
    }
    const report = checkSync(two(), options)
    expect(open).toBe(0)
    // The six schedules, and those of minimising.
    expect(log.length).toBeGreaterThanOrEqual(2 * report.schedules)
    expect(log.filter((x) => x === 'up').length).toBe(log.length / 2)

    log.length = 0
    await check(async () => {
      await new Future()
    }, options)
    expect(open).toBe(0)
    expect(log.length).toBeGreaterThanOrEqual(2)
  })

  test('an arrow function that returns what it assigned is no teardown', () => {
    let n = 1
    const setup = (() => (n = 0)) as unknown as () => void
    expect(checkSync(fine, { setup, schedules: 2 }).failures).toBe(0)
    expect(n).toBe(0)
  })

  test('must be synchronous', async () => {
    const setup = (async () => {}) as unknown as () => void
    await expect(check(fine, { setup })).rejects.toThrow(/synchronous/)
    expect(() => checkSync(fine, { setup })).toThrow(TypeError)
  })

  test('its own errors are thrown as they are, and the next exploration is unharmed', async () => {
    await expect(check(fine, {
      setup: () => {
        throw new RangeError('no database')
      },
    })).rejects.toThrow(RangeError)
    await expect(check(fine, {
      setup: () => () => {
        throw new RangeError('cannot close')
      },
    })).rejects.toThrow('cannot close')
    expect((await check(fine)).failures).toBe(0)
  })

  test('teardown runs after a strategy error too', () => {
    let down = 0
    expect(() => checkSync(fine, {
      strategy: { name: 'bad', begin: () => true, pick: () => 99 },
      setup: () => () => {
        down++
      },
    })).toThrow()
    expect(down).toBe(1)
  })
})
