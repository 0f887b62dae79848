import { Event, sleep } from '../../../src/index.ts'
import { both, on, type Script } from '../both.ts'
import { loop } from '../scripts.ts'

both('an event says whether it is set, and how many wait [EventTests.test_repr]', ['unset', true, 'set'], function* (w) {
  const e = new Event()
  const state = (): string => /\[(\w+)/.exec(String(e))?.[1] ?? ''
  w.log.push(state())
  const t = w.task(function* () { yield* on(e.wait()) })
  yield* on(sleep(0))
  w.log.push(String(e).includes('waiters:1'))
  e.set()
  yield* on(t)
  w.log.push(state())
})

both('who asks after set() goes on before those who are only woken by it [EventTests.test_wait]', [0, 3, 1, 2], function* (w) {
  const e = new Event()
  const waiting = (n: number): (() => Script) => function* () {
    if (yield* on(e.wait())) w.log.push(n)
  }
  const tasks = [1, 2].map((n) => w.task(waiting(n)))
  yield* on(sleep(0))
  w.log.push(0)
  tasks.push(w.task(waiting(3)))
  e.set()
  yield* on(w.all(tasks))
})

both('wait on a set event gives true at once; clear takes the flag back [EventTests.test_wait_on_set] [EventTests.test_clear]', [false, true, [1, true], false], function* (w) {
  const e = new Event()
  w.log.push(e.isSet())
  e.set()
  w.log.push(e.isSet())
  w.at(yield* on(e.wait()))
  e.clear()
  w.log.push(e.isSet())
})

both('a cancelled wait leaves the event as it was [EventTests.test_wait_cancel]', ['CancelledError', '<Event [unset]>'], function* (w) {
  const e = new Event()
  const t = w.task(function* () { yield* on(e.wait()) })
  loop().callSoon(() => t.cancel())
  w.log.push(yield* w.outcome(t))
  w.log.push(String(e))
})

both('set, clear, set, set: the waiter is woken once [EventTests.test_clear_with_waiters]', [false, true, 1, '<Event [set]>'], function* (w) {
  const e = new Event()
  const t = w.task(function* () {
    if (yield* on(e.wait())) w.log.push(1)
  })
  yield* on(sleep(0))
  e.set()
  e.clear()
  w.log.push(e.isSet())
  e.set()
  e.set()
  w.log.push(String(e).includes('waiters:1'))
  yield* on(sleep(0))
  w.log.push(String(e))
  yield* on(t)
})
