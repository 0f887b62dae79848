import type { ChoicePoint, Option } from '../strategy.ts'
import type { Recording } from './recording.ts'
import type { Entry } from './wakeup-tree.ts'

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
  for (let e: Entry | undefined = from; e !== undefined; e = e.children[0]) if (e.lane === lane) return e.joins
  return false
}
