import { expect, test } from 'vitest'
import {
  allTasks,
  currentTask,
  eagerTaskFactory,
  gather,
  newEventLoop,
  runSync,
  sleep,
  Task,
  ValueError,
} from '../../src/index.ts'
import { inWords } from './both.ts'
import { loop } from './scripts.ts'

test('R102 an eager task runs its first step inside createTask', () => {
  const log: unknown[] = []
  runSync(function* () {
    const l = loop()
    l.setTaskFactory(eagerTaskFactory)
    const me = currentTask()
    const a = l.createTask(function* () {
      log.push([l.tick, 'starts', currentTask() !== me, allTasks().size])
      return 'other'
    })
    log.push([l.tick, 'created'], a.done(), currentTask() === me, allTasks().has(a as Task<unknown>), a.getCoro())
  })
  expect(log).toEqual([[1, 'starts', true, 2], [1, 'created'], true, true, false, null])
})

test('R103 an eager task that suspends is an ordinary one from then on', () => {
  const log: unknown[] = []
  runSync(function* () {
    const l = loop()
    l.setTaskFactory(eagerTaskFactory)
    const a = l.createTask(function* () {
      log.push([l.tick, 'starts'])
      yield* sleep(0)
      log.push([l.tick, 'goes on'])
    })
    log.push([l.tick, 'created'], a.done(), allTasks().has(a as Task<unknown>))
    yield* a
    log.push([l.tick, 'main'])
  })
  expect(log).toEqual([[1, 'starts'], [1, 'created'], false, true, [2, 'goes on'], [3, 'main']])
})

test('R104 gather of eager coroutines, callbacks and errors of eager tasks', () => {
  const log: unknown[] = []
  runSync(function* () {
    const l = loop()
    l.setTaskFactory(eagerTaskFactory)
    const g = gather([() => 1, () => 2])
    log.push(g.done(), yield* g, [l.tick, 'no hop'])
    const t = l.createTask(() => 3)
    t.addDoneCallback(() => log.push([l.tick, 'done callback']))
    const bad = l.createTask(() => {
      throw new ValueError()
    })
    yield* sleep(0)
    log.push(inWords(bad.exception()))
  })
  expect(log).toEqual([true, [1, 2], [1, 'no hop'], [2, 'done callback'], 'ValueError'])
})

test('native tasks that start at once stay who they are, however many there are; generators ask for nothing to be followed', async () => {
  const l = newEventLoop()
  const names: unknown[] = []
  await l.runUntilComplete(async () => {
    const eager = (name: string) =>
      l.createTask(
        async () => {
          for (let i = 0; i < 2; i++) {
            await sleep(1)
            await Promise.resolve()
            names.push([name, currentTask()?.getName()])
          }
        },
        { name, eagerStart: true },
      )
    const generator = l.createTask((function* () { yield* sleep(1) })(), { eagerStart: true })
    expect(l.identity).toBeNull()
    await gather([eager('a'), eager('b'), generator])
  })
  expect(names).toEqual([['a', 'a'], ['b', 'b'], ['a', 'a'], ['b', 'b']])
  l.close()
})
