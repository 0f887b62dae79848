import { readFileSync } from 'node:fs'

const STATISTICS = `/proc/self/task/${process.pid}/schedstat`

/**
 * Seconds of the main thread's processor time where the system tells them (Linux), so that whatever else the machine
 * does counts as little as possible; elsewhere seconds of real time.
 */
export const now: () => number = processorTime() > 0 ? processorTime : () => performance.now() / 1000

function processorTime(): number {
  try {
    return Number(readFileSync(STATISTICS, 'utf8').split(' ')[0]) / 1e9
  } catch {
    return 0
  }
}

export const CLOCK = now === processorTime ? 'the main thread’s processor time' : 'real time'
