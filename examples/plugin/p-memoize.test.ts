import fixed, { pMemoizeClear as clearFixed } from 'p-memoize-9.0.0'
import buggy, { pMemoizeClear as clearBuggy } from 'p-memoize-8.0.0'
import { expect, test } from 'vitest'
import { foundOnlyIn } from './found.ts'

test('what was read before a clear is not cached after it', async () => {
  const scenario = (pMemoize: typeof fixed, pMemoizeClear: typeof clearFixed) => async () => {
    let name = 'ada'
    const load = async () => name
    const save = async (changed: string) => {
      name = changed
    }
    const cached = pMemoize(load)
    const capitalize = async () => {
      const before = await load()
      await save(before.toUpperCase())
      pMemoizeClear(cached)
    }
    await Promise.all([cached(), capitalize()])
    expect(await cached()).toBe('ADA')
  }
  const { failure } = await foundOnlyIn(
    scenario(buggy as typeof fixed, clearBuggy as typeof clearFixed), scenario(fixed, clearFixed), 'p-memoize: clear',
  )
  expect(failure?.kind).toBe('error')
})
