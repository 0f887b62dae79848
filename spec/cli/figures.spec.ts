import { Worker } from 'node:worker_threads'
import { describe, expect, it } from 'vitest'
import { Control } from '../../src/cli/control.ts'
import { barLine } from '../../src/cli/progress-bar.ts'
import { SpaceEstimate } from '../../src/explore/space-estimate.ts'
import { checkSync, createTask, gather, pause, type Strategy } from '../../src/index.ts'
import { auto, exhaustive, random } from '../../src/strategies/index.ts'

function* threeTasks() {
  yield* gather(
    [1, 2, 3].map(() =>
      createTask(function* () {
        yield* pause()
      }),
    ),
  )
}

/** Explores under a strategy, and follows the share of the space. */
function follow(inner: Strategy, schedules: number): { estimate: SpaceEstimate; shares: number[]; exhausted: boolean } {
  const estimate = new SpaceEstimate(inner.name)
  const shares: number[] = []
  const strategy: Strategy = {
    name: inner.name,
    begin(run) {
      estimate.begin()
      return inner.begin(run)
    },
    pick(point) {
      estimate.choice(point.count)
      return inner.pick(point)
    },
    end(outcome) {
      inner.end?.(outcome)
      estimate.end()
      shares.push(estimate.explored())
    },
  }
  const { exhausted } = checkSync(threeTasks, { strategy, schedules })
  return { estimate, shares, exhausted }
}

describe('the estimated share of the space', () => {
  it('is exactly 1 at the end of a search, and grows all the way', () => {
    const { shares, exhausted } = follow(exhaustive(), 1000)
    expect(exhausted).toBe(true)
    expect(shares.length).toBe(90)
    expect(shares.at(-1)).toBeCloseTo(1, 10)
    expect(shares.toSorted((a, b) => a - b)).toEqual(shares)
  })

  it('is near the truth for a random walk: three tasks that begin and pause have 6! / 2^3 schedules', () => {
    const { estimate } = follow(random(), 60)
    // The mean of 60 products: its standard error is below a fifth of the mean here.
    expect(estimate.explored()).toBeGreaterThan(0.4)
    const { estimate: few } = follow(random(), 9)
    expect(few.explored()).toBeGreaterThan(0.05)
    expect(few.explored()).toBeLessThan(0.2)
  })

  it('is what auto estimates from its own random walks', () => {
    const strategy = auto({ schedules: 60 })
    expect(strategy.estimate).toBeUndefined()
    checkSync(threeTasks, { strategy, schedules: 60 })
    // The truth is 90.
    expect(strategy.estimate).toBeGreaterThan(45)
    expect(strategy.estimate).toBeLessThan(180)
  })

  it('is not made up for strategies of which nothing is known', () => {
    expect(new SpaceEstimate('pct').explored()).toBeNaN()
  })
})

describe('the progress line', () => {
  const figures = { schedules: 412, choicePoints: 3512, failures: 1, explored: 0.125, elapsed: 100 }

  it('says schedules, their rate, choice points, failures and the share', () => {
    expect(barLine('transfer', figures, { schedules: 1000, timeLimit: undefined })).toBe(
      'transfer ━━━━━━━━──────────── 41%  412 of 1,000  1 failure  4,120/s  3,512 choice points  ≈12% of the space  0.1 s',
    )
  })

  it('fits the terminal: the bar goes first, then the end', () => {
    const limits = { schedules: 1000, timeLimit: undefined }
    for (const width of [100, 90, 80, 40, 10]) expect(barLine('transfer', figures, limits, width).length).toBeLessThanOrEqual(width)
    expect(barLine('transfer', figures, limits, 100)).toContain('0.1 s')
    expect(barLine('transfer', figures, limits, 40)).toBe('transfer 41%  412 of 1,000  1 failure  …')
  })

  it('goes by the time where there is a limit, and leaves out what is not known', () => {
    const line = barLine('transfer', { ...figures, failures: 0, explored: Number.NaN, elapsed: 30_000 }, { schedules: Number.POSITIVE_INFINITY, timeLimit: 60_000 })
    expect(line).toBe('transfer ━━━━━━━━━━────────── 50%  412  14/s  3,512 choice points  30.0 s')
  })
})

describe('workers that end together', () => {
  it('run the same rounds however fast each is, and end at the first meeting after a failure', async () => {
    const control = Control.of(2)
    const rounds = (worker: number, failsAt: number): Promise<number> =>
      new Promise((resolve, reject) => {
        const script = `
          import { workerData, parentPort } from 'node:worker_threads'
          const { Control } = await import(workerData.module)
          const control = new Control(workerData.memory)
          let round = 0
          while (control.meet(round)) {
            // The second worker is slower.
            if (workerData.worker === 1) Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1)
            round++
            if (round === workerData.failsAt) { control.fail(); break }
          }
          control.leave()
          parentPort.postMessage(round)`
        const module = new URL('../../dist/cli/control.js', import.meta.url).href
        const url = new URL(`data:text/javascript,${encodeURIComponent(script)}`)
        const thread = new Worker(url, { workerData: { memory: control.memory, worker, failsAt, module } })
        thread.on('message', resolve)
        thread.on('error', reject)
      })
    // 20 lies between the meetings at 16 and 32.
    expect(await Promise.all([rounds(0, 20), rounds(1, 1e9)])).toEqual([20, 32])
  })
})
