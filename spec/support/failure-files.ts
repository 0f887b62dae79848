import type { FailureFile, ScheduleRecord, StepRecord, ValueRecord } from '../../src/explore/failure-file.ts'

/** One step of a schedule, a handle of the main task if nothing else is said. */
export function stepRecord(n: number, parts: Partial<StepRecord> = {}): StepRecord {
  const where = { kind: 'handle', task: 'main', lane: 1, label: `s${n}` } as const
  return { step: n, time: 0, ...where, choice: undefined, preemption: false, ...parts }
}

export function scheduleRecordOf(steps: readonly StepRecord[], values: readonly ValueRecord[] = []): ScheduleRecord {
  return { token: 'H1-abc', steps, values }
}

/** A failure of four steps in two tasks, with what the spec is about put over it. */
export function failureFileOf(parts: Partial<FailureFile> = {}): FailureFile {
  return {
    format: 'heddle-failure',
    version: 1,
    name: 'two deposits',
    kind: 'error',
    error: { name: 'Error', message: 'lost update: 1' },
    schedule: 7,
    strategy: 'auto',
    seed: 42,
    switches: 1,
    before: { switches: 3, picks: 4, steps: 9 },
    after: { switches: 1, picks: 1, steps: 4 },
    firstToken: 'H1-first',
    failing: scheduleRecordOf([
      stepRecord(1),
      stepRecord(2, { task: 'save', lane: 2, label: 'load' }),
      stepRecord(3, { task: 'load', lane: 3, label: 'read', preemption: true }),
      stepRecord(4, { time: 1.5 }),
    ]),
    ...parts,
  }
}

/** A schedule of so many steps among so many tasks, a switch every seventh step, a shared value written every third. */
export function longFile(steps: number, tasks: number): FailureFile {
  const records = Array.from({ length: steps }, (_, i) => {
    const lane = 1 + ((i * 7 + (i >> 3)) % tasks)
    return stepRecord(i + 1, {
      task: `worker-${lane}`,
      lane,
      time: Math.floor(i / 10) * 0.25,
      label: i % 5 === 0 ? `get /orders/${i}` : `queue.put(${i})`,
      preemption: i % 7 === 6,
      choice: { pick: i % 3, count: 3, options: ['worker-1 a', 'worker-2 b', 'worker-3 c'] },
    })
  })
  const values = records.flatMap((_, i): ValueRecord[] =>
    i % 3 === 0 ? [{ entry: i, name: `counter ${i % 4}`, kind: 'write', value: String(i) }] : [],
  )
  return failureFileOf({ failing: scheduleRecordOf(records, values) })
}
