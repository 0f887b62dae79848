import { describe, expect, test } from 'vitest'
import { abortAnywhere, cancelAnywhere, createTask, currentTask, pause, wait } from '../../src/index.ts'
import { every } from '../support/count.ts'

describe('cancelAnywhere and abortAnywhere', () => {
  test('one task, whatever its name, without the option', async () => {
    const report = await every(async () => {
      await wait([cancelAnywhere(createTask(async () => {
        await pause()
        await pause()
      }))])
    })
    expect(report.schedules).toBe(3)
  })

  // After each of the steps that wait: one order, and n places.
  test.each([1, 3, 10])('a controller is aborted after any of %i steps, or not at all', async (n) => {
    const seen: (number | null)[] = []
    const report = await every(async () => {
      let aborted: number | null = null
      let i = 0
      const { signal } = abortAnywhere(new AbortController(), { reason: 'enough' })
      const listener = () => {
        expect(currentTask()).toBeNull()
        expect(signal.reason).toBe('enough')
        aborted = i
      }
      signal.addEventListener('abort', listener)
      for (; i < n; i++) await pause()
      signal.removeEventListener('abort', listener)
      seen.push(aborted)
    })
    expect(report).toMatchObject({ schedules: n + 1, failures: 0 })
    expect(new Set(seen)).toEqual(new Set([null, ...Array.from({ length: n }, (_, i) => i)]))
  })

  test('what the abort wakes natively has run before anything else does', async () => {
    await every(async () => {
      const { signal } = abortAnywhere(new AbortController())
      let woken = false
      const native = new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }))
      void native.then(() => { woken = true })
      for (let i = 0; i < 2; i++) {
        await pause()
        expect(woken).toBe(signal.aborted)
      }
    }, { leaks: 'ignore' })
  })

  test('outside a run they do nothing; what is no task or controller is refused', () => {
    const controller = new AbortController()
    expect(abortAnywhere(controller)).toBe(controller)
    expect(controller.signal.aborted).toBe(false)
    expect(() => cancelAnywhere({} as never)).toThrow(TypeError)
    expect(() => abortAnywhere({} as never)).toThrow(TypeError)
  })
})
