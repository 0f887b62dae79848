import { expect, it } from 'vitest'
import { heddle } from './heddle.ts'

const SCENARIO = 'fixtures/cli/stateful/scenario.ts'

it('state at module level is told from a race', async () => {
  const { code, out } = await heddle(['explore', SCENARIO])
  expect(code).toBe(1)
  expect(out.replaceAll(/\s+/g, ' ')).toContain('what failed is not an order, but state that an earlier schedule has left behind')
  expect(out).toContain('--isolate')
})

it('--isolate imports the modules again for each schedule', async () => {
  const { code, out } = await heddle(['explore', SCENARIO, '--isolate'])
  expect(code).toBe(0)
  expect(out).toMatch(/✓ .*scenario.ts .* 6 schedules, .*all there are/)
})
