import type { FailureContext } from '../explore/failure.ts'
import type { Failure } from '../explore/report.ts'
import { swimlanes } from './swimlanes.ts'

/** A failure as the user reads it: what failed, where among the schedules, the picture, how to replay it. */
export function describeFailure(failure: Failure, context: FailureContext): string {
  return [
    headline(failure),
    '',
    `  ${found(failure, context)}; ${size(context.after)}`,
    ...shrunk(context),
    '',
    swimlanes(failure.trace),
    ...(failure.kind === 'deadlock' ? ['  each lane went no further than its last line'] : []),
    '',
    `  token   ${failure.token}`,
    `  replay  ${howToReplay(failure, context)}`,
  ].join('\n')
}

function headline({ error, kind }: Failure): string {
  const text = error instanceof Error ? `${error.name}: ${error.message}` : `thrown: ${shown(error)}`
  switch (kind) {
    // Told by errors of ours, which say it all.
    case 'error':
    case 'deadlock':
    case 'leak':
    case 'step-limit':
      return text
    case 'unhandled':
      return `${text}\n  unhandled: nobody awaited what failed`
    default:
      return `${kind}: ${text}`
  }
}

function shown(thrown: unknown): string {
  if (typeof thrown !== 'object' || thrown === null) return String(thrown)
  try {
    return JSON.stringify(thrown)
  } catch {
    return Object.prototype.toString.call(thrown)
  }
}

function found(failure: Failure, { strategy }: FailureContext): string {
  return strategy === 'replay' ? 'replayed' : `schedule ${failure.schedule}, found by ${strategy}`
}

function size({ switches, picks }: FailureContext['after']): string {
  const order = picks === 0 ? 'in FIFO order' : `${count(picks, 'pick', 'picks')} off FIFO`
  return `${count(switches, 'switch', 'switches')}, ${order}`
}

function shrunk({ before, after, incomplete }: FailureContext): string[] {
  if (before.switches === after.switches && before.picks === after.picks) return []
  return [`  minimised from ${size(before)}${incomplete ? ', as far as its budget went' : ''}`]
}

/** One line to copy: for a named test the environment variable, which works under every test runner. */
function howToReplay({ token }: Failure, { name }: FailureContext): string {
  if (name === '') return `await replay(body, '${token}')`
  return `HEDDLE_REPLAY=${token} npm test  # this schedule alone in ${JSON.stringify(name)}`
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`
}
