/** A token was replayed on a program that does not do what the token's did. */
export class ReplayMismatchError extends Error {
  override readonly name = 'ReplayMismatchError'
  /** The first step that differs, from 1. */
  readonly step: number

  constructor(step: number, difference: string) {
    super(
      `the program has changed since this token was made: step ${step} differs: ${difference}. ` +
        'Explore again to get a token of the program as it is now.',
    )
    this.step = step
  }
}
