import type { RunnerTask, RunnerTestCase, RunnerTestFile } from 'vitest'

interface Saved {
  readonly task: RunnerTask
  readonly result: RunnerTask['result']
  readonly mode: RunnerTask['mode']
  readonly annotations: number
  readonly artifacts: number
}

/** The results that a file's own run has given, while the same tasks are run again and again for another purpose. */
export class SavedResults {
  readonly #saved: Saved[] = []

  constructor(file: RunnerTestFile) {
    this.#save(file)
  }

  #save(task: RunnerTask): void {
    const isTest = task.type === 'test'
    this.#saved.push({
      task,
      result: task.result,
      mode: task.mode,
      annotations: isTest ? task.annotations.length : 0,
      artifacts: isTest ? task.artifacts.length : 0,
    })
    if (task.type === 'suite') for (const child of task.tasks) this.#save(child)
  }

  /** As if nothing of it had run yet. */
  clear(): void {
    for (const { task } of this.#saved) reset(task)
  }

  /** Everything as it was; `changed` are the results that are others now, and make their suites fail. */
  restore(changed: ReadonlyMap<RunnerTestCase, RunnerTask['result']>): void {
    for (const { task, result, mode, annotations, artifacts } of this.#saved) {
      put(task, result)
      task.mode = mode
      if (task.type !== 'test') continue
      task.annotations.length = annotations
      task.artifacts.length = artifacts
    }
    for (const [test, result] of changed) {
      put(test, result)
      for (let suite = test.suite; suite !== undefined; suite = suite.suite) fail(suite)
      fail(test.file)
    }
  }
}

/** As if it had not run yet. */
export function reset(task: RunnerTask): void {
  put(task, undefined)
  if (task.mode !== 'skip' && task.mode !== 'todo') task.mode = 'run'
}

function put(task: RunnerTask, result: RunnerTask['result']): void {
  if (result === undefined) delete task.result
  else task.result = result
}

function fail(suite: RunnerTask): void {
  if (suite.result !== undefined) suite.result.state = 'fail'
}
