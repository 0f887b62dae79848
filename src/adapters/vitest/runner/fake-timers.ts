import type { RunnerTask } from 'vitest'
import { TestRunner, vi } from 'vitest'

/** Whether something has put a clock of its own in the place of the host's. */
export function fakesAreOn(): boolean {
  const { setTimeout, Date } = globalThis as unknown as { setTimeout: { clock?: unknown }; Date: { isFake?: boolean } }
  return vi.isFakeTimers() || setTimeout.clock !== undefined || Date.isFake === true
}

/** Notes which tests have a fake clock at some moment, in their own run. */
export class FakeTimersWatch {
  readonly #tests = new WeakSet<RunnerTask>()
  #restore: () => void = () => {}

  /** Before the tests are collected: some install the clock as they are defined. */
  begin(): void {
    const { useFakeTimers, setSystemTime } = vi
    const note = (): void => {
      const test = TestRunner.getCurrentTest()
      if (test !== undefined) this.#tests.add(test)
    }
    vi.useFakeTimers = (...args) => {
      note()
      return useFakeTimers.apply(vi, args)
    }
    vi.setSystemTime = (...args) => {
      note()
      return setSystemTime.apply(vi, args)
    }
    this.#restore = () => Object.assign(vi, { useFakeTimers, setSystemTime })
  }

  /** A test is about to run, or has. */
  look(test: RunnerTask): void {
    if (fakesAreOn()) this.#tests.add(test)
  }

  has(test: RunnerTask): boolean {
    return this.#tests.has(test)
  }

  end(): void {
    this.#restore()
  }
}
