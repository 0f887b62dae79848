import { explorer } from './adapters/explorer.ts'
import type { Explorer } from './explore/explore.ts'

export { allTasks } from './asyncio/all-tasks.ts'
export type { Awaitable, Coroutine, CoroutineLike, Outcome, Suspension } from './asyncio/awaitable.ts'
export { Barrier } from './asyncio/barrier.ts'
export { BoundedSemaphore } from './asyncio/bounded-semaphore.ts'
export { Condition, type ConditionOptions } from './asyncio/condition.ts'
export { type AsCompleted, asCompleted, type Completed } from './asyncio/as-completed.ts'
export {
  ConcurrentCancelledError,
  ConcurrentFuture,
  type ConcurrentFutureLike,
  ConcurrentInvalidStateError,
  type Executor,
} from './asyncio/concurrent-future.ts'
export { Context, type ContextToken, ContextVar, copyContext } from './asyncio/context.ts'
export { createTask } from './asyncio/create-task.ts'
export { isCoroutine, isCoroutineFunction } from './asyncio/is-coroutine.ts'
export type { CreateTaskOptions, TaskOptions } from './asyncio/task-options.ts'
export { getEventLoop, getRunningLoop, setEventLoop } from './asyncio/current-loop.ts'
export { currentTask } from './asyncio/current-task.ts'
export { eagerTaskFactory } from './asyncio/eager-task-factory.ts'
export { ensureFuture } from './asyncio/ensure-future.ts'
export {
  AssertionError,
  BaseException,
  BaseExceptionGroup,
  BrokenBarrierError,
  CancelledError,
  ExceptionGroup,
  InvalidStateError,
  isException,
  KeyboardInterrupt,
  LookupError,
  QueueEmpty,
  QueueFull,
  QueueShutDown,
  RuntimeError,
  SystemExit,
  TimeoutError,
  ValueError,
} from './asyncio/errors.ts'
export { Event } from './asyncio/event.ts'
export { EventLoop, type ExceptionContext, type ExceptionHandler, newEventLoop, type TaskFactory } from './asyncio/event-loop.ts'
export { runInExecutor, toThread } from './asyncio/executor.ts'
export { Future, isFuture } from './asyncio/future.ts'
export { gather } from './asyncio/gather.ts'
export { Handle, TimerHandle } from './asyncio/handle.ts'
export { LifoQueue } from './asyncio/lifo-queue.ts'
export { Lock } from './asyncio/lock.ts'
export type { PrimitiveOptions } from './asyncio/primitive.ts'
export { PriorityQueue, type PriorityQueueOptions } from './asyncio/priority-queue.ts'
export { Queue, type QueueOptions } from './asyncio/queue.ts'
export { run, runSync } from './asyncio/run.ts'
export { runCoroutineThreadsafe } from './asyncio/run-coroutine-threadsafe.ts'
export { Runner, type RunnerOptions } from './asyncio/runner.ts'
export { Semaphore } from './asyncio/semaphore.ts'
export { shield } from './asyncio/shield.ts'
export { sleep } from './asyncio/sleep.ts'
export { Task } from './asyncio/task.ts'
export { TaskGroup } from './asyncio/task-group.ts'
export { Timeout, timeout, timeoutAt } from './asyncio/timeout.ts'
export { ALL_COMPLETED, FIRST_COMPLETED, FIRST_EXCEPTION, type ReturnWhen, wait } from './asyncio/wait.ts'
export { waitFor } from './asyncio/wait-for.ts'
export { wrapFuture } from './asyncio/wrap-future.ts'
export { fileCorpus, type FileCorpusOptions } from './adapters/file-corpus.ts'
export type { Explorer } from './explore/explore.ts'
export type { StaleAccess, StaleWriteRecord } from './explore/stale-write.ts'
export type { CorpusEntry, CorpusReport, CorpusStore } from './explore/corpus.ts'
export type {
  CodeFrame,
  CodePlace,
  FailureFile,
  RepeatRecord,
  ScheduleRecord,
  SizeRecord,
  StepRecord,
  TimeoutRecord,
  ValueRecord,
  WaitRecord,
  WakeRecord,
} from './explore/failure-file.ts'
export { failureFileText } from './explore/failure-file-text.ts'
export { InvalidFailureFileError } from './explore/json-reader.ts'
export { parseFailureFile } from './explore/parse-failure-file.ts'
export type { ExploreOptions, GeneratorBody, Progress, ScenarioBody } from './explore/options.ts'
export type { Coverage, Dimension, DimensionsReport } from './explore/dimensions.ts'
export { ReplayMismatchError } from './explore/replay-mismatch.ts'
export { type DistinctFailure, type Failure, type FailureKind, InterleavingError, type Report, type Stopped } from './explore/report.ts'
export { InvalidTokenError } from './explore/token.ts'
export type { Trace, TraceStep } from './explore/trace.ts'
export { DeadlockError, StepLimitError } from './loop/errors.ts'
export type { ChoicePoint, Option, RunInfo, RunOutcome, Strategy, StrategyName } from './strategies/index.ts'
export { regressionTest, type RegressionTestOptions } from './report/regression-test.ts'
export type { Shard } from './strategies/shards/territory.ts'
export type { GlobalsOptions } from './world/globals/globals.ts'
export { type Style, terminalStyle } from './report/style.ts'
export { describeFailure } from './report/words.ts'
export { abortAnywhere, cancelAnywhere } from './world/cancel/anywhere.ts'
export { LeftoverError } from './world/cancel/left-over.ts'
export { choose } from './world/choose.ts'
export { external, pause } from './world/external.ts'
export { Connection } from './world/io/connection.ts'
export { type Faults, IoError, type Thrown } from './world/io/faults.ts'
export { io, type IoOptions } from './world/io/io.ts'
export { type FetchHandler, type IoFetch, ioFetch } from './world/io/io-fetch.ts'
export { type IoObject, type IoObjectOptions, ioObject } from './world/io/io-object.ts'
export type { IoResult } from './world/io/operation.ts'
export { Shared, shared } from './world/shared.ts'
export { sometimes } from './world/sometimes.ts'
export { track } from './world/track.ts'

/**
 * Explores the orderings of a body and gives the report, failing or not.
 * @throws TypeError or RangeError for a wrong option
 *
 * @example
 * ```ts
 * const report = await check(async () => {
 *   let count = 0
 *   await Promise.all([1, 2].map(async () => { await pause(); count++ }))
 *   if (count !== 2) throw new Error(`lost: ${count}`)
 * })
 * report.exhausted // true: no order of the two fails
 * ```
 */
export const check: Explorer['check'] = explorer.check

/**
 * The same for generator functions, without a promise: it returns the report itself.
 *
 * @example
 * ```ts
 * const report = checkSync(function* () {
 *   const cell = shared(0, 'count')
 *   const add = function* () { yield* cell.write((yield* cell.read()) + 1) }
 *   yield* gather([add(), add()])
 *   if (cell.value !== 2) throw new Error(`lost: ${cell.value}`)
 * })
 * report.failure?.switches // 1
 * ```
 */
export const checkSync: Explorer['checkSync'] = explorer.checkSync

/**
 * Explores the orderings of a body, for tests: a failing schedule is thrown, minimised, as an InterleavingError
 * whose message is the picture and whose `report` is the whole report.
 *
 * @example
 * ```ts
 * await explore(async () => {
 *   let count = 0
 *   const add = async () => {
 *     const before = count
 *     await pause()
 *     count = before + 1
 *   }
 *   await Promise.all([add(), add()])
 *   if (count !== 2) throw new Error(`lost: ${count}`)
 * }) // throws InterleavingError
 * ```
 */
export const explore: Explorer['explore'] = explorer.explore

/**
 * Runs one written schedule, strictly. The body's own failure is in the report.
 * @throws InvalidTokenError for a damaged token, ReplayMismatchError if the program has changed since
 *
 * @example
 * ```ts
 * const again = await replay(raceOfDeposits, failure.token)
 * again.failures // 1
 * ```
 */
export const replay: Explorer['replay'] = explorer.replay
