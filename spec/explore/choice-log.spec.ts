import { expect, test } from 'vitest'
import { ChoiceLog } from '../../src/explore/choice-log.ts'

test('what was chosen comes back, however long the schedule, and nothing of the one before', () => {
  const log = new ChoiceLog()
  for (const length of [5000, 3, 0, 64, 65, 300]) {
    log.reset()
    const counts = Array.from({ length }, (_, i) => 2 + ((i * 31 + length) % 7))
    const picks = counts.map((n, i) => (i * 17) % n)
    for (const [i, n] of counts.entries()) log.add(n, picks[i] as number)
    expect(log.count).toBe(length)
    expect(log.choices()).toEqual({ counts, picks })
    expect([...log.picks()]).toEqual([...picks.entries()].filter(([, k]) => k !== 0))
  }
})

test('the product of the numbers of options; 1 where nothing was chosen', () => {
  const log = new ChoiceLog()
  expect(log.product).toBe(1)
  log.add(3, 1)
  log.add(4, 0)
  log.add(2, 1)
  expect(log.product).toBe(24)
})
