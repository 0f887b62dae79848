import type { ChoicePoint, Option } from '../strategy.ts'
import type { Recording } from './recording.ts'
import type { Entry } from './wakeup-tree.ts'

/** The option that leads to what the tree asks for next: the lane's own, or a join for which it has to wait; -1: none is known. */
export function towards(wanted: Entry, point: ChoicePoint, recording: Pick<Recording, 'laneOf'>): number {
  for (let k = 0; k < point.count; k++) if (recording.laneOf(point.optionAt(k)) === wanted.lane) return k
  return towardsJoin(wanted, point, recording)
}

/** A join that touches nothing is in no tree. */
function towardsJoin(wanted: Entry, point: ChoicePoint, recording: Pick<Recording, 'laneOf'>): number {
  const helper = joining(point, recording, (lane) => wanted.helpers.includes(lane))
  return helper >= 0 ? helper : joining(point, recording, (lane) => !joinsNext(wanted, lane))
}

/** The first option that goes on after a join, of those lanes; -1: none. */
export function joining(point: ChoicePoint, recording: Pick<Recording, 'laneOf'>, of: (lane: number) => boolean): number {
  for (let k = 0; k < point.count; k++) {
    const option = point.optionAt(k)
    if (goesOn(option) && of(recording.laneOf(option))) return k
  }
  return -1
}

/** Whether an option goes on after a join. */
function goesOn(option: Option): boolean {
  return option.joins === true || (option as { hop?: boolean }).hop === true
}

/** Whether the tree asks for a join of the lane as its next step. */
export function joinsNext(from: Entry, lane: number): boolean {
  for (let e: Entry | null = from; e !== null; e = e.child) if (e.lane === lane) return e.joins
  return false
}
