import { expect, test } from 'vitest'
import { check, checkSync, createTask, Event, pause, replay } from '../../src/index.ts'
import { decodeToken } from '../../src/explore/token.ts'

/** Polls until it is told to stop; `order` says whether somebody ever does. */
function polling(steps: { polls: number }, order: 'any' | 'one') {
  return async (): Promise<void> => {
    let stopped = false
    const never = new Promise<void>(() => {})
    const poll = (): void => {
      steps.polls++
      if (!stopped) setTimeout(poll, 10)
    }
    poll()
    const seen: string[] = []
    const a = pause('a').then(() => seen.push('a'))
    const b = pause('b').then(() => seen.push('b'))
    await Promise.all([a, b])
    if (order === 'any' || seen[0] === 'b') await never
    stopped = true
  }
}

test.each([
  ['every schedule hangs', 'any', 0],
  ['one order of two hangs', 'one', 1],
] as const)('a hang beside a poll that goes on for ever costs three long runs, and no more for each rerun: %s', async (_, order, picks) => {
  const steps = { polls: 0 }
  const body = polling(steps, order)
  const { failure } = await check(body, { name: 'polls', maxSteps: 20_000 })
  expect(failure?.kind).toBe('step-limit')
  expect(decodeToken(failure?.token as string).picks.size).toBe(picks)
  // One that finds it, one that writes it down, one that is shown: 100,000 steps each.
  expect(steps.polls).toBeGreaterThan(40_000)
  expect(steps.polls).toBeLessThan(80_000)
  const again = await replay(body, failure?.token as string)
  expect(again.failure?.kind).toBe('step-limit')
})

test('a schedule with a long way to its end is not taken for one without', () => {
  // Two orders: one takes 2,000 steps, and the other one never ends. A rerun that is cut at 1,000 can't tell them apart.
  const body = function* () {
    const go = new Event()
    const seen: string[] = []
    const job = (name: string) =>
      function* () {
        yield* pause(name)
        seen.push(name)
        if (seen.length === 2) go.set()
      }
    createTask(job('a'))
    createTask(job('b'))
    yield* go.wait()
    const least = seen[0] === 'b' ? Number.POSITIVE_INFINITY : 2000
    for (let i = 0; i < least; i++) yield* pause()
  }
  const report = checkSync(body, { maxSteps: 3000, strategy: 'exhaustive' })
  expect(report.failure?.kind).toBe('step-limit')
  expect(report.schedules).toBeGreaterThan(1)
  for (const token of [report.failure?.token, report.failure?.firstToken]) {
    expect(checkSync(body, { replay: token as string }).failure?.kind).toBe('step-limit')
  }
})
