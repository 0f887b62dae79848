import { describe, expect, it } from 'vitest'
import { createTask, gather, sleep } from '../../src/index.ts'
import { exhaustive } from '../../src/strategies/index.ts'
import { runsOf } from './runs.ts'
import { copies, straight } from './straight.ts'

describe('exhaustive runs every schedule once', () => {
  // The totals of all interleavings that a brute force over the same operations gives.
  it.each([
    ['SB', ['Wx Ry', 'Wy Rx'], 6, 3],
    ['MP', ['Wx Wy', 'Ry Rx'], 6, 3],
    ['inc(3)', copies(3, 'Rx Wx'), 90, 36],
    ['binc(3)', copies(3, 'Ux Uy'), 90, 36],
    ['inc(4)', copies(4, 'Rx Wx'), 2520, 576],
    ['CoRR2', ['Wx', 'Wx', 'Rx Rx', 'Rx Rx'], 180, 72],
    ['readers(6)', ['Wx', ...copies(6, 'Rx')], 5040, 64],
    ['W+RRR+W', ['Wx', 'Rx Rx Rx', 'Wx'], 20, 20],
    ['fr+w+w+w+reads', [...copies(3, 'Wx'), 'Rx Rx Rx Rx'], 210, 210],
    ['depend_6', ['Ry Rz', 'Ry', 'Wz', 'Wy Wy'], 180, 18],
  ])('%s', (_, tasks, schedules, traces) => {
    const all = [...runsOf(straight(tasks, { flat: true }), exhaustive())]
    expect(all).toHaveLength(schedules)
    expect(new Set(all.map((r) => r.picks)).size).toBe(schedules)
    expect(new Set(all.map((r) => r.trace)).size).toBe(traces)
  })

  it('two tasks that yield four times have 10 over 5 schedules', () => {
    function* yields(): Generator<unknown, void, unknown> {
      for (let i = 0; i < 4; i++) yield* sleep(0)
    }
    const body = function* () {
      yield* gather([createTask(yields as never), createTask(yields as never)])
    }
    expect([...runsOf(body, exhaustive())]).toHaveLength(252)
  })
})
