import type { AsyncCommand, Command } from 'fast-check'
import { gather } from '../../asyncio/gather.ts'
import { createTask } from '../../asyncio/create-task.ts'
import type { Schedule } from './schedule.ts'

/** What a model run begins with: the model, and the real system. */
export type ModelSetup<Model, Real> = () =>
  | { model: Model; real: Real }
  | Promise<{ model: Model; real: Real }>

/** A command of fast-check's, or one like it whose `run` may be a generator. */
export type AnyCommand<Model extends object, Real> =
  | Command<Model, Real>
  | AsyncCommand<Model, Real, boolean>

/**
 * Runs the commands of `fc.commands` concurrently: each is a task of its own, named as the command is, and the schedule
 * orders their steps. A command whose `check` says no when its task begins is left out, as in fast-check's own model runs.
 * (`fc.scheduledModelRun` runs one command after the other and reorders only what they have started.)
 *
 * Between two waits of a command others have run: let it look at the model, and change it, in the step in which the real
 * system's answer arrives.
 *
 * @throws what a command throws, or what else `schedule.run` throws
 * @example
 * ```ts
 * await fc.assert(fc.asyncProperty(fc.commands(all), schedules(), (commands, s) =>
 *   concurrentModelRun(s, () => ({ model: { size: 0 }, real: new Cache() }), commands)))
 * ```
 */
export async function concurrentModelRun<Model extends object, Real>(
  schedule: Schedule,
  setup: ModelSetup<Model, Real>,
  commands: Iterable<AnyCommand<Model, Real>>,
): Promise<void> {
  await schedule.run(async () => {
    const { model, real } = await setup()
    const tasks = Array.from(commands, (command) =>
      createTask(
        async () => {
          if (await command.check(model)) await command.run(model, real)
        },
        { name: String(command) },
      ),
    )
    await gather(tasks)
  })
}
