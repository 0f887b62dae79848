import type { RunnerTestCase } from 'vitest'
import { reset } from './saved-results.ts'

/** One run of a test with its hooks, as vitest does it, but for what it makes of errors: the first one counts, as it is. */
export class Attempt {
  readonly #test: RunnerTestCase
  #thrown: { readonly error: unknown } | null = null

  constructor(test: RunnerTestCase) {
    this.#test = test
  }

  /** Runs it. @throws what the test or a hook of it has thrown */
  async run(work: () => Promise<unknown>): Promise<void> {
    reset(this.#test)
    await work()
    if (this.#thrown !== null) throw this.#thrown.error
    const { result } = this.#test
    // Where nothing was thrown: `expect.soft`, and what vitest finds wrong by itself.
    if (result?.state === 'fail') throw rebuilt(result.errors?.[0])
  }

  /** Around each part of it in which code of the suite runs. */
  async watch(part: () => Promise<unknown>): Promise<unknown> {
    try {
      return await part()
    } catch (error) {
      this.note(error)
      throw error
    }
  }

  note(error: unknown): void {
    // Skipping is thrown too.
    const skips = typeof error === 'object' && error !== null && 'code' in error && error.code === 'VITEST_PENDING'
    if (!skips) this.#thrown ??= { error }
  }
}

function rebuilt(plain: { name?: string; message: string; stack?: string } | undefined): Error {
  const error = new Error(plain?.message ?? 'the test failed')
  error.name = plain?.name ?? 'Error'
  if (plain?.stack !== undefined) error.stack = plain.stack
  return error
}
