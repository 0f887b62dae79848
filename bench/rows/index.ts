import type { Row } from '../row.ts'
import { choosing } from './choosing.ts'
import { dpor } from './dpor.ts'
import { exhaustive } from './exhaustive.ts'
import { failing } from './failing.ts'
import { firstFailure } from './first-failure.ts'
import { gatherAndTimers } from './gather-and-timers.ts'
import { lostUpdates } from './lost-update.ts'
import { nativeSteps } from './native-steps.ts'
import { plugin } from './plugin.ts'
import { sweeping } from './sweeping.ts'
import { sleepZero } from './sleep-zero.ts'

export const rows: readonly Row[] = [
  ...lostUpdates,
  ...sleepZero,
  ...nativeSteps,
  ...gatherAndTimers,
  ...exhaustive,
  ...choosing,
  ...dpor,
  ...sweeping,
  failing,
  ...firstFailure,
  ...plugin,
]
