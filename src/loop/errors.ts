/** Nothing is ready, no timer is armed and nothing is under way outside: the run would wait for ever. */
export class DeadlockError extends Error {
  override readonly name = 'DeadlockError'
}

/** A run reached `maxSteps`. */
export class StepLimitError extends Error {
  override readonly name = 'StepLimitError'
  constructor(readonly limit: number) {
    super(`the run reached its limit of ${limit} steps without an end (option maxSteps)`)
  }
}
