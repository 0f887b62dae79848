/**
 * `gather` raises the first error at once, and its other children go on: what one of them writes after the caller has
 * cleaned up stays behind. A task group cancels the others and waits for them before it raises.
 */
import { gather, io, pause, TaskGroup } from 'heddle'

function publish(saveBoth: (save: (part: string) => Promise<void>) => PromiseLike<unknown>) {
  return async () => {
    const stored = new Set<string>()
    const save = io(async (part: string) => { stored.add(part) }, { label: (part) => `save ${part}`, faults: { rejectBefore: true } })
    try {
      await saveBoth(save)
    } catch {
      stored.clear()
      await pause('the next request')
    }
    if (stored.size === 1) throw new Error(`half an article is left: ${[...stored].join()}`)
  }
}

export const scenarios = {
  buggy: publish((save) => gather([save('head'), save('body')])),
  repaired: publish((save) =>
    new TaskGroup().run(async (group) => {
      group.createTask(async () => save('head'))
      group.createTask(async () => save('body'))
    }),
  ),
}
