/**
 * fastq 1.20.1: `abort()` counts each job that it throws out of the queue as one that has ended, although it never ran. So
 * the count of running jobs is too low, and more of them run at once than the queue allows. 1.20.2 leaves the count alone.
 *
 * CommonJS; a limit that is not kept.
 *
 * Fixed: https://github.com/mcollina/fastq/pull/107
 */
import fastq_1_20_1 from 'fastq-1.20.1'
import fastq_1_20_2 from 'fastq-1.20.2'
import { pause } from 'heddle'

/** What the scenario uses of the package; both versions have it. */
interface Fastq {
  promise(
    worker: (name: string) => Promise<void>,
    concurrency: number,
  ): {
    push(name: string): Promise<void>
    abort(): void
  }
}

/** Uploads, one at a time; the user stops them, and starts others. */
export function uploads(fastq: Fastq) {
  return async () => {
    let running = 0
    const queue = fastq.promise(async (name: string) => {
      running++
      if (running > 1) throw new Error(`${running} uploads at once, in a queue for one`)
      await pause(`upload of ${name}`)
      running--
    }, 1)

    const first = Promise.allSettled([queue.push('a'), queue.push('b')])
    const user = async () => {
      await pause('stop')
      queue.abort()
      await pause('start again')
      await Promise.all([queue.push('c'), queue.push('d')])
    }
    await Promise.all([first, user()])
  }
}

export const scenarios = {
  'fastq 1.20.1': uploads(fastq_1_20_1),
  'fastq 1.20.2': uploads(fastq_1_20_2),
}
