import Fixed from 'p-queue-9.3.1'
import Buggy from 'p-queue-9.3.0'
import { expect, test } from 'vitest'
import { foundOnlyIn } from './found.ts'

test('who waits for a short queue is told when start() empties it', async () => {
  const scenario = (PQueue: typeof Fixed) => async () => {
    const queue = new PQueue({ autoStart: false })
    let stop = (): void => {}
    const stopped = new Promise<void>((resolve) => {
      stop = resolve
    })
    for (let i = 0; i < 3; i++) void queue.add(() => stopped)
    const setting = async (value: number) => value
    const producer = async () => {
      const limit = await setting(1)
      await queue.onSizeLessThan(limit)
      stop()
    }
    const admin = async () => {
      if ((await setting(1)) === 1) queue.start()
    }
    await Promise.all([admin(), producer()])
    await queue.onIdle()
  }
  const { failure } = await foundOnlyIn(scenario(Buggy as unknown as typeof Fixed), scenario(Fixed), 'p-queue: start')
  expect(failure?.kind).toBe('deadlock')
  // Who waits, and the line of it, as the await is called and as the stack has it.
  expect(String(failure)).toMatch(/p-queue\.test\.ts:(\d+) producer at \S*p-queue\.test\.ts:\1:/)
})
