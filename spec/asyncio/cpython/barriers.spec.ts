import { expect, test } from 'vitest'
import { Barrier, gather, sleep, type Task } from '../../../src/index.ts'
import { both, on, type Script, type World } from '../both.ts'

const N = 5

/** Starts several tasks of one kind and waits for all. */
function* together(w: World, n: number, script: () => Script): Script<unknown[]> {
  return (yield gather(Array.from({ length: n }, () => w.task(script)))) as unknown[]
}

/** `async with barrier as i`. */
function passing<T>(w: World, b: Barrier, body: (place: number) => Script<T>): Script<T> {
  return on(b.with(w.body(body) as never)) as Script<T>
}

/** How many wait, and whether it is broken. */
function state(b: Barrier): [number, boolean] {
  return [b.nWaiting, b.broken]
}

/** Whether waiting ended well; a broken barrier is not. */
function* arrives(b: Barrier): Script<boolean> {
  try {
    yield b.wait()
    return true
  } catch (error) {
    if ((error as Error).name !== 'BrokenBarrierError') throw error
    return false
  }
}

test('it takes one party at least [BarrierTests.test_barrier_parties]', () => {
  for (const n of [0, -4]) expect(() => new Barrier(n)).toThrow('parties must be >= 1')
  expect(new Barrier(N).parties).toBe(N)
})

both('its state in words: filling, draining, resetting, broken [BarrierTests.test_repr]', [true, true, true, true, true], function* (w) {
  const b = new Barrier(N)
  const says = (what: string): void => void w.log.push(String(b).includes(what))
  const tasks: Task<unknown>[] = []
  const more = function* (n: number): Script<void> {
    for (let i = 0; i < n; i++) tasks.push(w.task(function* () { yield* on(b.wait()) }))
    yield* on(sleep(0))
  }
  yield* more(2)
  says(`filling, waiters:2/${N}`)
  yield* more(N - b.nWaiting)
  says('draining')
  yield* more(2)
  yield* on(b.reset())
  says('resetting')
  yield* more(2)
  yield* on(b.abort())
  says('broken')
  w.log.push(b.broken)
  yield* on(w.all(tasks))
})

both('with gives the place of arrival [BarrierTests.test_context_manager]', [[0, 1, 2], [0, false]], function* (w) {
  const b = new Barrier(3)
  const places: number[] = []
  yield* together(w, 3, () => passing(w, b, function* (i) { places.push(i) }))
  w.log.push(places.toSorted(), state(b))
})

both('one party passes at once, again and again [BarrierTests.test_filling_one_task] [BarrierTests.test_filling_one_task_twice]', [true, 0, 0, 0, [0, false]], function* (w) {
  const b = new Barrier(1)
  w.log.push(yield* passing(w, b, function* () { return true }))
  const first = w.task(() => on(b.wait()))
  yield* on(sleep(0))
  w.log.push(b.nWaiting)
  const second = w.task(() => on(b.wait()))
  yield* on(sleep(0))
  w.log.push(first.result(), second.result(), state(b))
})

both('it counts who comes [BarrierTests.test_filling_task_by_task]', [1, 2, [0, false]], function* (w) {
  const b = new Barrier(3)
  const tasks: Task<unknown>[] = []
  for (let i = 0; i < 3; i++) {
    tasks.push(w.task(() => on(b.wait())))
    yield* on(sleep(0))
    if (i < 2) w.log.push(b.nWaiting)
  }
  yield* on(w.all(tasks))
  w.log.push(state(b))
})

both('twice in a row by the same tasks; each round has every place once [BarrierTests.test_filling_tasks_wait_twice] [BarrierTests.test_filling_tasks_check_return_value]', [N, N, [0, 1, 2, 3, 4], [0, false]], function* (w) {
  const b = new Barrier(N)
  let [outer, inner] = [0, 0]
  const places = yield* together(w, N, () => passing(w, b, function* () {
    outer++
    return yield* passing(w, b, function* (i) {
      inner++
      return i
    })
  }))
  w.log.push(outer, inner, (places as number[]).toSorted((x, y) => x - y), state(b))
})

both('it drains until the last has left [BarrierTests.test_draining_state]', [true, true, true, true, false, [0, false]], function* (w) {
  const b = new Barrier(N)
  yield* together(w, N, () => passing(w, b, function* () { w.log.push(String(b).includes('draining')) }))
  w.log.push(state(b))
})

both('who comes back while it drains waits for the next round [BarrierTests.test_blocking_tasks_while_draining]', [N, [0, false]], function* (w) {
  const b = new Barrier(N)
  const rest = new Barrier(N - 2)
  let back = 2
  let ended = 0
  yield* together(w, N, function* () {
    yield* on(b.wait())
    if (back > 0) back--
    else yield* on(rest.wait())
    yield* on(b.wait())
    ended++
  })
  w.log.push(ended, state(b))
})

both('one that is cancelled is replaced by one more [BarrierTests.test_filling_tasks_cancel_one]', [1, 2, 1, true, 2, 3, [0, false]], function* (w) {
  const b = new Barrier(3)
  let passed = 0
  const arriving = (): Task<unknown> => w.task(function* () {
    yield* on(b.wait())
    passed++
  })
  const first = arriving()
  yield* on(sleep(0))
  w.log.push(b.nWaiting)
  const others = [arriving()]
  yield* on(sleep(0))
  w.log.push(b.nWaiting)
  first.cancel()
  yield* on(sleep(0))
  w.log.push(b.nWaiting)
  yield* w.outcome(first)
  w.log.push(first.cancelled())
  others.push(arriving())
  yield* on(sleep(0))
  w.log.push(b.nWaiting)
  others.push(arriving())
  yield* on(w.all(others))
  w.log.push(passed, state(b))
})

both('reset of one at which nobody waits changes nothing; abort breaks it [BarrierTests.test_reset_barrier] [BarrierTests.test_abort_barrier]', [[0, false], [0, true]], function* (w) {
  const b = new Barrier(1)
  yield* on(w.task(() => on(b.reset())))
  w.log.push(state(b))
  yield* on(w.task(() => on(b.abort())))
  w.log.push(state(b))
})

both('reset turns all away who wait [BarrierTests.test_reset_barrier_while_tasks_waiting]', [[false, false, false, false], [0, false], false], function* (w) {
  const b = new Barrier(N)
  const tasks = Array.from({ length: N - 1 }, () => w.task(() => arrives(b)))
  yield* on(sleep(0))
  const reset = w.task(() => on(b.reset()))
  w.log.push(yield* on(gather(tasks)))
  yield* on(reset)
  w.log.push(state(b), String(b).includes('resetting'))
})

both('reset while half of them have left: the other half is turned away [BarrierTests.test_reset_barrier_when_tasks_half_draining]', [2, [0, false]], function* (w) {
  const b = new Barrier(N)
  let left = 0
  const ends = yield* together(w, N, function* () {
    const well = yield* arrives(b)
    if (well && ++left === N - 2) yield* on(b.reset())
    return well
  })
  w.log.push(ends.filter((well) => well === false).length, state(b))
})

both('… and those who wait for the next round stay, so that all meet again [BarrierTests.test_reset_barrier_when_tasks_half_draining_half_blocking]', [2, 0, [0, false]], function* (w) {
  const b = new Barrier(N)
  const half = Math.floor(N / 2)
  let [count, away, blocked] = [0, 0, 0]
  yield* together(w, N, function* () {
    const first = yield* arrives(b)
    if (!first) {
      away++
      yield* on(b.wait())
    } else if (++count > half) {
      yield* on(b.reset())
      yield* on(b.wait())
    } else {
      const second = yield* arrives(b)
      if (!second) blocked++
    }
  })
  w.log.push(away, blocked, state(b))
})

both('turned away, they wait again and one more lets all pass [BarrierTests.test_reset_barrier_while_tasks_waiting_and_waiting_again]', [N - 1, N, [0, false]], function* (w) {
  const b = new Barrier(N)
  let [away, passed] = [0, 0]
  const tasks = Array.from({ length: N - 1 }, () => w.task(function* () {
    if (!(yield* arrives(b))) away++
    yield* on(b.wait())
    passed++
  }))
  const reset = w.task(() => on(b.reset()))
  yield* on(sleep(0))
  const last = w.task(() => passing(w, b, function* () { passed++ }))
  yield* on(gather([...tasks, reset, last]))
  w.log.push(away, passed, state(b))
})

both('reset by the last who leaves: nobody is turned away from the next round [BarrierTests.test_reset_barrier_while_tasks_draining]', [N - 1, 0, N, [0, false]], function* (w) {
  const b = new Barrier(N)
  let [count, second, away, third] = [0, 0, 0, 0]
  yield* together(w, N, function* () {
    yield* on(b.wait())
    if (++count === N) {
      yield* on(b.reset())
      yield* on(b.wait())
    } else if (yield* arrives(b)) second++
    else away++
    yield* on(b.wait())
    third++
  })
  w.log.push(second, away, third, state(b))
})

both('abort while it drains: those in it and those before it get the error [BarrierTests.test_abort_barrier_when_tasks_half_draining_half_blocking]', [2, 2, [0, true]], function* (w) {
  const b = new Barrier(N)
  const half = Math.floor(N / 2)
  let [count, inside, before] = [0, 0, 0]
  yield* together(w, N, function* () {
    const first = yield* arrives(b)
    if (!first) inside++
    else if (++count > half) yield* on(b.abort())
    else {
      const second = yield* arrives(b)
      if (!second) before++
    }
  })
  w.log.push(inside, before, state(b))
})

both('aborted because one of them failed: no other passes again [BarrierTests.test_abort_barrier_when_exception]', [0, N - 1, [0, true]], function* (w) {
  const b = new Barrier(N)
  let [again, broken] = [0, 0]
  yield* together(w, N, function* () {
    try {
      yield* passing(w, b, function* (i) {
        if (i === 2) throw new RangeError('the third')
      })
      yield* passing(w, b, function* () { again++ })
    } catch (error) {
      if (error instanceof RangeError) yield* on(b.abort())
      else broken++
    }
  })
  w.log.push(again, broken, state(b))
})

both('aborted, then reset by one of them behind a second barrier: all pass again [BarrierTests.test_abort_barrier_when_exception_then_resetting]', [0, N - 1, N, [0, false]], function* (w) {
  const [b, meeting] = [new Barrier(N), new Barrier(N)]
  let [again, broken, passed] = [0, 0, 0]
  yield* together(w, N, function* () {
    try {
      if ((yield* on(b.wait())) === 2) throw new RangeError('the third')
      yield* on(b.wait())
      again++
    } catch (error) {
      if (error instanceof RangeError) yield* on(b.abort())
      else broken++
    }
    if ((yield* on(meeting.wait())) === 2) yield* on(b.reset())
    yield* on(meeting.wait())
    yield* on(b.wait())
    passed++
  })
  w.log.push(again, broken, passed, state(b))
})
