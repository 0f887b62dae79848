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
