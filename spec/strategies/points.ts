import type { Access, ChoicePoint, Option } from '../../src/strategies/strategy.ts'

let ids = 0

export function handle(lane: number | undefined, more: Partial<Option> = {}): Option {
  return { kind: 'handle', id: ++ids, lane, ...more }
}

/** A choice among these options, after a step of `lastLane`. */
export function pointOf(options: readonly Option[], lastLane = 0, step = 0): ChoicePoint {
  return { step, count: options.length, options, lastLane, optionAt: (k) => options[k] as Option }
}

/** A choice among so many values. */
export function values(count: number, lastLane = 0): ChoicePoint {
  return pointOf(Array.from({ length: count }, (_, id) => ({ kind: 'value', id, lane: lastLane })), lastLane)
}

export const read = (object: number): Access => ({ object, kind: 'read' })
export const write = (object: number): Access => ({ object, kind: 'write' })
