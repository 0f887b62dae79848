import { describe, expect, it } from 'vitest'
import { bodyOf, Memory, parsed } from '../../properties/traced-programs.ts'
import { checkSync, createTask, Event, gather, type GeneratorBody, shared } from '../../src/index.ts'
import { Dpor } from '../../src/strategies/dpor.ts'
import { DporShard } from '../../src/strategies/shards/dpor-shard.ts'
import type { Strategy } from '../../src/strategies/strategy.ts'
import { Watched } from './watched.ts'

/** Schedules that count, and executions that were made for them. */
function explored(body: GeneratorBody, strategy: Strategy): { schedules: number; runs: number } {
  const watched = new Watched(strategy)
  const { schedules, exhausted } = checkSync(body, { strategy: watched, assume: 'tracked', leaks: 'ignore', bail: false, schedules: 1000 })
  expect(exhausted).toBe(true)
  return { schedules, runs: watched.runs }
}

it('dpor knows what is made last in a run', () => {
  const body: GeneratorBody = function* () {
    const writing = [1, 2].map((value) =>
      createTask(function* () {
        x.value = value
      }),
    )
    const x = shared(0)
    for (const task of writing) yield* task
  }
  expect(explored(body, new Dpor())).toEqual({ schedules: 2, runs: 2 })
})

describe('dpor runs no trace twice', () => {
  it('where tasks make what they use: it is the same thing whoever makes the first one', () => {
    const body: GeneratorBody = function* () {
      const x = shared(0)
      yield* gather([
        createTask(function* () {
          new Event().set()
          x.value = 1
        }),
        createTask(function* () {
          new Event().set()
        }),
        createTask(function* () {
          x.value = 2
        }),
      ])
    }
    // The two orders of the writes. The second of them begins with the task that came second.
    expect(explored(body, new Dpor())).toEqual({ schedules: 2, runs: 2 })
  })
})

describe('how many traces there are does not hang on which task was made first: one', () => {
  it.each([
    // The other task ends before the wait or after it; only in the first case what comes before and after the wait is one step.
    ['looks at a future, waits for the other, and goes on', 2, 'look y0, join y1, settle y1 | poke x1', 'poke x1 | look y0, join y0, settle y1'],
    ['reads a cell, waits for the other, and goes on', 2, 'peek x0, join x1, poke x1 | poke z1', 'poke z1 | peek x0, join x0, poke x1'],
    ['has done more before the wait than it does after it', 2, 'peek x0, peek x0, join x1, poke x1 | poke z1', 'poke z1 | peek x0, peek x0, join x0, poke x1'],
    ['ends a future, waits for the other, and does nothing more', 1, 'settle z1, join z1 | peek x1', 'peek x1 | settle z1, join z0'],
  ])('%s: %i', (_, traces, ...orders) => {
    for (const words of orders) {
      const body: GeneratorBody = () => bodyOf(parsed(words), new Memory())
      expect(explored(body, new Dpor()).schedules).toBe(traces)
      const parts = [1, 2, 3].map((index) => explored(body, new DporShard({ index, count: 3 }, 1000, 1)).schedules)
      expect(parts.reduce((sum, n) => sum + n, 0)).toBe(traces)
    }
  })
})
