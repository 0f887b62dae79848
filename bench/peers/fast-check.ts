import { asyncProperty, check, scheduler } from 'fast-check'

interface Cell {
  value: number
}

/**
 * The lost update under fast-check's scheduler. The gate before the first read is written by hand, as its users
 * must: `scheduleFunction` alone delays the end of a call and not its start.
 */
export async function scheduledLostUpdates(tasks: number, runs: number): Promise<void> {
  await check(
    asyncProperty(scheduler(), async (s) => {
      const cell: Cell = { value: 0 }
      const gate = s.scheduleFunction(async () => {})
      const increment = async (): Promise<void> => {
        await gate()
        const read = cell.value
        await gate()
        cell.value = read + 1
      }
      await s.waitFor(Promise.all(Array.from({ length: tasks }, increment)))
    }),
    { numRuns: runs },
  )
}

/** `tasks` tasks, each of which waits for the scheduler `steps` times. */
export async function scheduledSteps(tasks: number, steps: number): Promise<void> {
  await check(
    asyncProperty(scheduler(), async (s) => {
      const gate = s.scheduleFunction(async () => {})
      const spin = async (): Promise<void> => {
        for (let i = 0; i < steps; i++) await gate()
      }
      await s.waitFor(Promise.all(Array.from({ length: tasks }, spin)))
    }),
    { numRuns: 1 },
  )
}

/** One task of so many steps, another one of a single step, which must not come between the last two of the first. */
export async function firstFailureOfScheduled(steps: number, seed: number, most: number): Promise<number> {
  const details = await check(
    asyncProperty(scheduler(), async (s) => {
      let progress = 0
      let seen = -1
      const gate = s.scheduleFunction(async () => {})
      const long = async (): Promise<void> => {
        for (let i = 1; i <= steps; i++) {
          await gate()
          progress = i
        }
      }
      const short = async (): Promise<void> => {
        await gate()
        seen = progress
      }
      await s.waitFor(Promise.all([long(), short()]))
      return seen !== steps - 1
    }),
    { numRuns: most, seed, endOnFailure: true },
  )
  return details.failed ? details.numRuns : Number.POSITIVE_INFINITY
}
