/** Why a test could not be explored; the key is what the table counts by. */
export const REASONS = {
  'fake timers': 'it has a fake clock of its own, and an exploration has a virtual one, which moves by itself',
  'real I/O': 'it waits for something real, which no schedule controls',
  synchronous: 'it is through in one step: it has no await that the plugin has transformed, and no timer',
  'nothing to explore': 'in no schedule were there two things that could have happened next',
  nondeterministic: 'the same choices gave two runs',
  'too long': 'a run of it takes more steps, or more time, than it is given',
  'outlives a run': 'it passes once, and not when it is run again in the same process: something outlives a run',
  'virtual time': 'it does not pass on virtual time, in the order that JavaScript itself takes',
  'timers of a hook': 'beforeAll has left a timer running, in real time',
  'hooks run once': 'a hook around it does not pass when it is run a second time',
  'meant to fail': 'it is marked as failing, so that a failure says nothing',
} as const

/** A key of {@link REASONS}. */
export type Reason = keyof typeof REASONS

/** What became of one test of an existing suite, as `task.meta.heddleRunner` carries it to reporters: plain data. */
export interface RunnerVerdict {
  /** `left out`: it could not be explored, and that it passed says nothing about orderings. */
  readonly state: 'explored' | 'broken' | 'left out'
  readonly reason: Reason | null
  /** What exactly stood in the way, or the headline of the failure. */
  readonly detail: string
  readonly schedules: number
  readonly choicePoints: number
  readonly exhausted: boolean
  /** Its time was over before its schedules were. */
  readonly timedOut: boolean
  /** Replays the failure. */
  readonly token: string | null
  /** Milliseconds. */
  readonly elapsed: number
}

/** A test that could not be explored. */
export function leftOut(reason: Reason, detail = ''): RunnerVerdict {
  return {
    state: 'left out',
    reason,
    detail,
    schedules: 0,
    choicePoints: 0,
    exhausted: false,
    timedOut: false,
    token: null,
    elapsed: 0,
  }
}

/** Under this key a test's meta data carry its verdict. */
export const VERDICT = 'heddleRunner'

/** The verdict that a test's meta data carry; null for other tests. */
export function readVerdict(meta: object): RunnerVerdict | null {
  const verdict: unknown = VERDICT in meta ? meta[VERDICT] : null
  return isVerdict(verdict) ? verdict : null
}

function isVerdict(value: unknown): value is RunnerVerdict {
  return (
    typeof value === 'object' &&
    value !== null &&
    'state' in value &&
    'schedules' in value &&
    typeof value.schedules === 'number' &&
    'choicePoints' in value &&
    'detail' in value &&
    typeof value.detail === 'string'
  )
}
