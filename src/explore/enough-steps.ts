/** The least that is taken for a run without an end. */
const LEAST = 1000

/**
 * After how many steps a rerun of a schedule that has reached `maxSteps` is taken to reach them too. The schedule that is
 * shown goes all the way once more: one that has an end after all is not kept.
 */
export function enoughSteps(maxSteps: number): number {
  return Math.min(maxSteps, Math.max(LEAST, Math.ceil(maxSteps / 10)))
}
