import { inSeconds } from '../../seconds.ts'
import type { PageSchedule } from '../page.ts'

/** A row for those who hear it, and for the slider; the one after the last is the end. */
export function rowInWords(schedule: PageSchedule, row: number): string {
  const r = schedule.rows[row]
  if (r === undefined) return schedule.end
  const lane = schedule.columns[r.column] ?? ''
  return `step ${r.step} at ${inSeconds(r.time)}, ${lane}: ${r.text}${r.preemption ? ', a switch' : ''}`
}

/** What is missing before a row, of a very long schedule. */
export function omittedInWords(count: number): string {
  return `${count} steps before this one were not kept`
}

/** The pick that led to a row, in words. */
export function choiceInWords(schedule: PageSchedule, row: number): string {
  const choice = schedule.rows[row]?.choice
  return choice === undefined ? 'the only thing that could happen' : `pick ${choice.pick + 1} of ${choice.count}`
}
