import { describe, expect, test } from 'vitest'
import { EventLoop } from '../../src/asyncio/event-loop.ts'
import { Task } from '../../src/asyncio/task.ts'
import { Recording } from '../../src/explore/recording.ts'
import { checkSync, shared, sleep } from '../../src/index.ts'
import { handle, pointOf, values } from '../strategies/points.ts'
import { marksIn } from '../support/marks.ts'

/** What the run that is written down notes, and how much of it. */

const line = marksIn(import.meta.url)

describe('the run that is written down', () => {
  test('can be closed though it has not begun', () => {
    const recording = new Recording({ choose: () => 0 })
    expect(() => recording.close()).not.toThrow()
    expect(recording.waits).toEqual([])
    recording.choose(values(2))
    expect(recording.places[0]?.file).toMatch(/recording\.spec\.ts$/)
  })

  test('notes each choice: what was picked of how many, where in the trace, and which option goes on', () => {
    let pick = 1
    const recording = new Recording({ choose: () => pick })
    const loop = { steps: 1, time: () => 0 }
    recording.choose(pointOf([handle(1), handle(2), handle(3)], 3))
    recording.step(handle(2), loop)
    pick = 0
    recording.choose(pointOf([handle(4), handle(5)], 2))
    recording.step(handle(4), loop)
    expect(recording.choices).toEqual([{ pick: 1, count: 3, stay: 2, entry: 0 }, { pick: 0, count: 2, stay: -1, entry: 1 }])
  })

  test('has the values of shared things from the first step on, by the step that saw them', () => {
    const { failure } = checkSync(function* () {
      const cell = shared(1, 'cell')
      cell.value = cell.value + 1
      yield* sleep(0)
      throw new Error('look')
    }, { strategy: 'fifo' })
    expect(failure?.file.failing.values.map((v) => [v.entry, v.kind, v.value])).toEqual([[0, 'read', '1'], [0, 'write', '2']])
  })

  test('is bounded where the run goes on and on: values, accesses, lines of code; those of its end are kept besides', () => {
    const recording = new Recording({ choose: () => 0 })
    const loop = new EventLoop()
    recording.begin(loop)
    recording.valueSeen('n', 'read', 0)
    recording.step(handle(1), loop)
    for (let n = 1; n <= 10_001; n++) recording.valueSeen('n', 'write', n)
    const { values: seen, accesses } = recording
    expect([seen.length, seen[0]?.value, seen.at(-1)?.value]).toEqual([10_000, '1', '10000'])
    expect([seen.findIndex((v) => v.at === undefined), seen.findLastIndex((v) => v.at !== undefined)]).toEqual([5000, 4999])
    const madeAt = (maxSteps: number): number | undefined => {
      loop.maxSteps = maxSteps
      const task = new Task<unknown>(() => undefined, { loop })
      recording.taskMade(task) // made near the end
      return recording.madeAt(task)?.line
    }
    expect([madeAt(500), madeAt(499)]).toEqual([undefined, line('made near the end')])
    recording.close()
    const access = { kind: 'read', strand: { lane: 1 }, site: { name: 'n', file: 'f.ts', line: 1, column: 1, function: '' } }
    for (let object = 1; object <= 100_001; object++) recording.access({ ...access, object } as never)
    expect([accesses.length, accesses.at(-1)?.object]).toEqual([100_000, 100_000])
  })

  test('has the accesses that code tells of, and passes them on', () => {
    const told: unknown[] = []
    const recording = new Recording({ choose: () => 0, access: (a) => told.push(a.object) })
    const site = { name: 'n', file: 'f.ts', line: 3, column: 4, function: '' }
    const strand = { lane: 2 }
    recording.access({ object: 7, kind: 'read', strand, site } as never)
    recording.access({ object: 8, kind: 'write', strand, site: { ...site, function: 'pay' } } as never)
    recording.access({ object: 9, kind: 'write' })
    expect(told).toEqual([7, 8, 9])
    expect(recording.accesses).toEqual([
      { object: 7, kind: 'read', strand, name: 'n', at: { file: 'f.ts', line: 3, column: 4 }, task: undefined },
      { object: 8, kind: 'write', strand, name: 'n', at: { file: 'f.ts', line: 3, column: 4, function: 'pay' }, task: undefined },
    ])
  })
})
