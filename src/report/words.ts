import type { FailureFile, SizeRecord } from '../explore/failure-file.ts'
import { howToReplay } from './how-to-replay.ts'
import { swimlanes } from './swimlanes.ts'

/** A failure as the user reads it: what failed, where among the schedules, the picture, how to replay it. */
export function describeFailure(file: FailureFile): string {
  return [
    headline(file),
    '',
    `  ${found(file)}; ${size(file.after)}`,
    ...shrunk(file),
    '',
    swimlanes(file.failing),
    ...(file.kind === 'deadlock' ? ['  each lane went no further than its last line'] : []),
    '',
    `  token   ${file.failing.token}`,
    `  replay  ${howToReplay(file.failing.token, file.name)}`,
  ].join('\n')
}

function headline({ error, kind }: FailureFile): string {
  const text = `${error.name}: ${error.message}`
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

function found({ strategy, schedule }: FailureFile): string {
  return strategy === 'replay' ? 'replayed' : `schedule ${schedule}, found by ${strategy}`
}

function size({ switches, picks }: SizeRecord): string {
  const order = picks === 0 ? 'in FIFO order' : `${count(picks, 'pick', 'picks')} off FIFO`
  return `${count(switches, 'switch', 'switches')}, ${order}`
}

function shrunk({ before, after, incomplete }: FailureFile): string[] {
  if (before.switches === after.switches && before.picks === after.picks) return []
  return [`  minimised from ${size(before)}${incomplete === true ? ', as far as its budget went' : ''}`]
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`
}
