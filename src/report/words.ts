import type { Failure } from '../explore/report.ts'
import type { FailureContext } from '../explore/failure.ts'
import { swimlanes } from './swimlanes.ts'

/** A failure as the user reads it: what failed, where among the schedules, the picture, how to replay it. */
export function describeFailure(failure: Failure, context: FailureContext): string {
  const { before, after } = context
  const shrunk =
    before.switches === after.switches && before.picks === after.picks
      ? ''
      : `, minimised from ${size(before)} to ${size(after)}${context.incomplete ? ' (as far as its budget went)' : ''}`
  return [
    `${headline(failure)}`,
    '',
    `  ${context.strategy === 'replay' ? 'replayed' : `schedule ${failure.schedule}, found by ${context.strategy}`}${shrunk}; ${count(failure.switches, 'switch', 'switches')}`,
    '',
    swimlanes(failure.trace),
    '',
    `  token   ${failure.token}`,
    `  replay  ${replayLine(failure, context)}`,
  ].join('\n')
}

function headline(failure: Failure): string {
  const { error, kind } = failure
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${String(error)}`
  // These kinds are told by errors of ours, which say it all.
  return kind === 'deadlock' || kind === 'error' ? text : `${kind}: ${text}`
}

function replayLine(failure: Failure, context: FailureContext): string {
  if (context.name === '') return `await replay(body, '${failure.token}')`
  return `HEDDLE_REPLAY=${failure.token}  (runs this schedule alone in the test ${JSON.stringify(context.name)})`
}

function size(s: FailureContext['before']): string {
  return `${count(s.switches, 'switch', 'switches')} and ${count(s.picks, 'pick', 'picks')} off FIFO`
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`
}
