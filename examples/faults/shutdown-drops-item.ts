/**
 * A worker that is stopped saves what is left in its queue, and forgets the item that it has in hand. Until an item is
 * saved it must be counted among what is left.
 */
import { CancelledError, createTask, type ExploreOptions, io, Queue, QueueShutDown, wait } from 'heddle'

function spooler(remembersItem: boolean) {
  return async () => {
    const queue = new Queue<string>()
    const disk = new Set<string>()
    const print = io(async (item: string) => { disk.add(item) }, { label: (item) => `print ${item}` })
    const worker = async (): Promise<void> => {
      let inHand: string | undefined
      try {
        for (;;) {
          inHand = await queue.get()
          await print(inHand)
          inHand = undefined
        }
      } catch (error) {
        if (error instanceof QueueShutDown) return
        if (!(error instanceof CancelledError)) throw error
        if (remembersItem && inHand !== undefined) disk.add(inHand)
        while (!queue.empty()) disk.add(queue.getNowait())
      }
    }
    const working = createTask(worker, { name: 'worker' })
    for (const item of ['a', 'b']) queue.putNowait(item)
    queue.shutdown()
    await wait([working])
    if (disk.size < 2) throw new Error(`only ${[...disk].join() || 'nothing'} was kept of a and b`)
  }
}

export const options: ExploreOptions = { cancel: 'worker' }

export const scenarios = { buggy: spooler(false), repaired: spooler(true) }
