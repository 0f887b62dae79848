import { describe, expect, test } from 'vitest'
import { findDisabled, LoopPoint, positionOf, ValuePoint } from '../../src/loop/options.ts'
import { ReadyQueue } from '../../src/loop/ready-queue.ts'
import type { Runnable } from '../../src/loop/runnable.ts'

let ids = 0
function handle(more: Partial<Runnable> = {}): Runnable {
  return { kind: 'handle', id: ++ids, since: 0, hop: false, run: () => {}, ...more }
}
const hop = (leads: boolean, more: Partial<Runnable> = {}): Runnable => handle({ hop: true, leads: () => leads, ...more })

function disabledOf(...specials: Runnable[]): number[] {
  const disabled = [handle()]
  findDisabled(specials, disabled)
  return disabled.map((r) => specials.indexOf(r))
}

describe('what is no option now', () => {
  test('a timer behind one of an earlier deadline, wherever it stands in the queue', () => {
    expect(disabledOf(handle({ due: 2 }), handle({ due: 1 }), handle({ due: 2 }), handle({ due: 1 }))).toEqual([0, 2])
    expect(disabledOf(handle({ due: 3 }), handle({ due: 3 }))).toEqual([])
    expect(disabledOf(handle({ due: 1 }), hop(true), handle({ due: 2 }))).toEqual([2])
  })

  test('a cancelled sleep holds up no timer; a firing timer without a word of where it leads does', () => {
    expect(disabledOf(hop(false, { due: 1 }), handle({ due: 2 }))).toEqual([0])
    expect(disabledOf(hop(true, { due: 1 }), handle({ due: 2 }))).toEqual([1])
    expect(disabledOf(handle({ due: 1, leads: () => false }), handle({ due: 2 }))).toEqual([1])
  })

  test('all of a sequence but the first; other sequences are others', () => {
    const [a, b] = [{}, {}]
    expect(disabledOf(handle({ sequence: a }), handle({ sequence: b }), handle({ sequence: a }), handle({ sequence: b }))).toEqual([2, 3])
  })

  test('one that its deadline keeps back does not stand for its sequence', () => {
    const sequence = {}
    expect(disabledOf(handle({ due: 2, sequence }), handle({ due: 1 }), handle({ sequence }))).toEqual([0])
  })

  test('a hop that leads nowhere, and all but the first leading hop of an owner', () => {
    const [a, b] = [{}, {}]
    expect(disabledOf(hop(false), hop(true), hop(false))).toEqual([0, 2])
    expect(disabledOf(hop(true, { owner: a }), hop(true, { owner: b }), hop(true, { owner: a }), hop(true, { owner: b }))).toEqual([2, 3])
    expect(disabledOf(hop(false, { owner: a }), hop(true, { owner: a }), hop(true, { owner: a }))).toEqual([0, 2])
    // Hops that belong to nobody are each an option.
    expect(disabledOf(hop(true), hop(true))).toEqual([])
    expect(disabledOf(handle({ hop: true }))).toEqual([0])
  })
})

describe('options by number', () => {
  test.each([
    [[], [0, 1, 2, 3, 4, 5]],
    [[0], [1, 2, 3, 4, 5]],
    [[5], [0, 1, 2, 3, 4]],
    [[0, 1, 3], [2, 4, 5]],
    [[1, 2, 4], [0, 3, 5]],
    [[0, 1, 2, 3, 4], [5]],
  ])('without those at %j they stand at %j', (without, left) => {
    const ready = new ReadyQueue()
    const all = Array.from({ length: 6 }, () => handle())
    for (const r of all) ready.push(r)
    const disabled = without.map((i) => all[i] as Runnable)
    expect(left.map((_, k) => positionOf(k, ready, disabled))).toEqual(left)
    const externals = [{ ...handle(), kind: 'external' as const }]
    const point = new LoopPoint({ steps: 7, lane: 3, ready, externals: externals as never })
    point.set(left.length + 2, left.length, 1, true)
    point.disabled = disabled
    const options = [...left.map((i) => all[i]), externals[0]]
    expect(point.options.slice(0, -1)).toEqual(options)
    expect(point.options.at(-1)).toMatchObject({ kind: 'clock', label: 'clock' })
    expect(point.options.map((_, k) => point.optionAt(k))).toEqual(point.options)
    expect([point.step, point.lastLane, point.count]).toEqual([7, 3, left.length + 2])
  })

  test('where what is ready keeps its order, one option stands for it', () => {
    const ready = new ReadyQueue()
    const all = [handle(), handle()]
    for (const r of all) ready.push(r)
    const point = new LoopPoint({ steps: 0, lane: 0, ready, externals: [] })
    // Not the first of the queue: hops may lie before it.
    point.head = all[1] as Runnable
    point.set(2, 1, 0, true)
    expect(point.options.map((o) => o.kind)).toEqual(['handle', 'clock'])
    expect([point.optionAt(0), point.options[0]]).toEqual([all[1], all[1]])
    expect(point.optionAt(1).kind).toBe('clock')
  })
})

test('a choice among values is called what it is called; of a disturbance each value has its own word', () => {
  const words = (label: string | readonly string[] | undefined): unknown[] => {
    const point = new ValuePoint(4, 7, 2, label)
    expect(point.options).toEqual([0, 1].map((i) => point.optionAt(i)))
    expect(point).toMatchObject({ step: 4, lastLane: 7, count: 2 })
    return [point.disturbs, ...point.options.map((o) => [o.kind, o.id, o.lane, o.label])]
  }
  expect(words('coin')).toEqual([false, ['value', 0, 7, 'coin'], ['value', 1, 7, 'coin']])
  expect(words(['goes well', 'fails'])).toEqual([true, ['value', 0, 7, 'goes well'], ['value', 1, 7, 'fails']])
  expect(words(undefined)).toEqual([false, ['value', 0, 7, undefined], ['value', 1, 7, undefined]])
})
