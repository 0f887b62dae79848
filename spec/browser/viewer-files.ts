import type { FailureFile, StepRecord } from '../../src/explore/failure-file.ts'
import { failureFileOf, scheduleRecordOf, stepRecord } from '../support/failure-files.ts'

const at = { file: 'src/bank.ts', line: 14, column: 9, function: 'withdraw' }
const FRAME = '  13 |   const before = balance\n> 14 |   await pause()\n     |         ^\n  15 |   balance = before - 10'

const choice = (pick: number): StepRecord['choice'] => ({ pick, count: 2, options: ['save external log in', 'load start'] })
const prefix = [stepRecord(1, { label: 'begin' }), stepRecord(2, { task: 'save', lane: 2, label: 'read balance' })]

/** Two tasks, a switch at row 2, which is the pick that the passing neighbour makes otherwise. */
export const bank: FailureFile = failureFileOf({
  failing: scheduleRecordOf(
    [
      ...prefix,
      stepRecord(3, { task: 'load', lane: 3, label: 'a label that is far too long to be shown in its box', preemption: true, choice: choice(1), at }),
      stepRecord(4, { task: 'save', lane: 2, label: 'log in', kind: 'external', time: 1.5 }),
      stepRecord(4, { task: 'save', lane: 2, label: 'log in', time: 1.5 }),
      stepRecord(5, { time: 1.5, label: 'gather' }),
    ],
    [
      { entry: 1, name: 'balance', kind: 'read', value: '100' },
      { entry: 2, name: 'balance', kind: 'write', value: '150' },
      { entry: 4, name: 'balance', kind: 'write', value: '90' },
    ],
  ),
  passing: {
    ...scheduleRecordOf(
      [...prefix, stepRecord(3, { task: 'save', lane: 2, label: 'log in', choice: choice(0) }), stepRecord(4, { task: 'load', lane: 3, label: 'start' })],
      [
        { entry: 1, name: 'balance', kind: 'read', value: '100' },
        { entry: 2, name: 'balance', kind: 'write', value: '90' },
        { entry: 3, name: 'balance', kind: 'write', value: '140' },
      ],
    ),
    words: '`log in` completes before `load` starts',
    entry: 2,
  },
  frames: [{ at, text: FRAME }],
})

/** Two tasks that hold what the other waits for, and the main task, which waits for one of them. */
export const deadlock: FailureFile = failureFileOf({
  kind: 'deadlock',
  error: { name: 'DeadlockError', message: 'nothing is ready\n  left waits for lock b' },
  waits: [
    { task: 'left', waitsFor: 'lock b', blockedBy: ['right'], holds: ['lock a'], waitsAt: at },
    { task: 'right', waitsFor: 'lock a', blockedBy: ['left'], holds: ['lock b'] },
    { task: 'main', waitsFor: 'left', blockedBy: ['left'], holds: [] },
  ],
  cycle: ['left', 'right'],
  frames: [{ at, text: FRAME }],
})
