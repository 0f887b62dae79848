import { describe, expect, test } from 'vitest'
import { createTask, Event, getRunningLoop, runSync } from '../../src/index.ts'
import { both, on } from './both.ts'

describe('Event', () => {
  both(
    'R220 set wakes all in order, one iteration later; clear in between takes nothing back',
    [[2, 'set'], [3, 'a', true], [3, 'b', true], false],
    function* (w) {
      const event = new Event()
      const waiter = (name: string) =>
        w.task(function* () {
          w.at(name, yield* on(event.wait()))
        })
      const tasks = [waiter('a'), waiter('b')]
      yield w.turn()
      w.at('set')
      event.set()
      event.clear()
      yield w.all(tasks)
      w.log.push(event.isSet())
    },
  )

  both(
    'R220 a cancelled waiter is passed over, a second set does nothing, wait on a set event does not suspend',
    // The cancelled one goes on first: its future was done before set().
    [[2, true], [3, 'b', 'CancelledError'], [3, 'a', true], [3, 'c', true]],
    function* (w) {
      const event = new Event()
      const waiter = (name: string) =>
        w.task(function* () {
          w.at(name, yield* w.outcome(event.wait()))
        })
      const tasks = [waiter('a'), waiter('b'), waiter('c')]
      yield w.turn()
      tasks[1]?.cancel()
      event.set()
      event.set()
      w.at(yield* on(event.wait()))
      yield w.all(tasks)
    },
  )

  both('clear makes wait wait again', [true, false, [2, 'set'], [3, 'woken']], function* (w) {
    const event = new Event()
    event.set()
    w.log.push(event.isSet())
    event.clear()
    w.log.push(event.isSet())
    const t = w.task(function* () {
      yield event.wait()
      w.at('woken')
    })
    yield w.turn()
    w.at('set')
    event.set()
    yield t
  })

  test('R266 an event that was waited for belongs to that loop', () => {
    const event = new Event()
    runSync(function* () {
      getRunningLoop().callSoon(() => event.set())
      yield* event.wait()
      event.clear()
    })
    expect(() => runSync(() => event.wait())).toThrow('<Event [unset]> is bound to a different event loop')
    event.set()
    expect(runSync(() => event.wait())).toBe(true)
  })

  test('a deadlock names the event', () => {
    const body = function* () {
      createTask(() => new Event({ name: 'ready' }).wait(), { name: 't' })
      yield* new Event().wait()
    }
    expect(() => runSync(body)).toThrow(/Task-1 waits for an Event\n +t waits for Event 'ready'/)
  })
})
