import { ContextVar, copyContext, createTask, Future, gather, getRunningLoop, sleep, Task } from '../../../src/index.ts'
import { both, on } from '../both.ts'
import { loop } from '../scripts.ts'

both('context variables: a task has the values of its making, and keeps its own [BaseTaskTests.test_context_1] [BaseTaskTests.test_context_2]', [
  'nope', 'nope', 'yes', 'yes', ...[0, 1].flatMap((j) => [`yes${j}`, ...[0, 1, 2].map((i) => `yes${i}-${j}`)]),
], function* (w) {
  const v = new ContextVar<string>('cvar', { default: 'nope' })
  w.log.push(v.get())
  const sub = w.task(function* () {
    yield* on(sleep(0.01))
    w.log.push(v.get())
    v.set('something else')
  })
  v.set('yes')
  yield* on(sub)
  w.log.splice(2, 0, 'yes')
  w.log.push(v.get())
  for (let j = 0; j < 2; j++) {
    const f = new Future<null>()
    f.addDoneCallback(() => void v.set('something else'))
    v.set(`yes${j}`)
    loop().callSoon(() => f.setResult(null))
    yield* on(f)
    w.log.push(v.get())
    for (let i = 0; i < 3; i++) {
      v.set(`yes${i}-${j}`)
      yield* on(sleep(0.001))
      w.log.push(v.get())
    }
  }
})

both('… a hundred at once, however they take turns [BaseTaskTests.test_context_3]', [0, -1], function* (w) {
  const v = new ContextVar<number>('cvar', { default: -1 })
  let wrong = 0
  yield* on(gather(Array.from({ length: 100 }, (_, n) => w.task(function* () {
    for (let i = 0; i < 10; i++) {
      v.set(n + i)
      yield* on(sleep(0.001 * (1 + ((n * 7 + i * 13) % 50))))
      if (v.get() !== n + i) wrong++
    }
  }))))
  w.log.push(wrong, v.get())
})

both('… and in a context that it is given, what it sets stays there [BaseTaskTests.test_context_4] [BaseTaskTests.test_context_5] [BaseTaskTests.test_context_6]', [
  undefined, 1, 2, undefined, 1, 2, undefined, 1, 2,
], function* (w) {
  const v = new ContextVar<number>('cvar')
  const makers = [
    (f: () => unknown, context: ReturnType<typeof copyContext>) => new Task(f as () => never, { context, loop: getRunningLoop() }),
    (f: () => unknown, context: ReturnType<typeof copyContext>) => createTask(f as () => never, { context }),
    (f: () => unknown, context: ReturnType<typeof copyContext>) => loop().createTask(f as () => never, { context }),
  ]
  for (const make of makers) {
    const context = copyContext()
    w.log.push(context.get(v))
    for (const n of [1, 2]) {
      yield* on(make(w.body(function* () {
        yield* on(sleep(0))
        v.set(n)
      }), context))
      w.log.push(context.get(v))
    }
  }
})
