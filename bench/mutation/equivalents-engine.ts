import type { Equivalent } from './equivalents.ts'

/** Of src/loop and src/asyncio. */
export const IN_ENGINE: readonly Equivalent[] = [
  {
    file: 'src/asyncio/timeout.ts',
    reason: 'only enter() arms the timer, and it sets the task first: a timer that fires, and a block that expires, have one',
    changes: [
      ['task !== null', 'true'],
      ['task?.cancel', 'task.cancel'],
      ['this.#task?.uncancel', 'this.#task.uncancel'],
      ['this.#task?.isDone', 'this.#task.isDone'],
    ],
  },
  {
    file: 'src/loop/counted-slots.ts',
    reason: 'a level more, of one number that counts all, is passed by without a step',
    changes: [['n > 32', 'n >= 32']],
  },
  {
    file: 'src/loop/quiescence.ts',
    reason: 'it is asked in a callback of the host’s setImmediate, which is there then',
    changes: [['hostSetImmediate !== undefined', 'true']],
  },
  {
    file: 'src/loop/loop.ts',
    reason: 'splice takes the first one out as shift does; what is special is looked for where there is nothing; what throws asks again whether there is anything to throw; a wait of a day or less adds no iteration, and the clock waits for nothing that is due; one border more does nothing, and nor does asking once more whether something is to be interrupted or thrown where nothing has run; past the last external is the clock',
    changes: [
      ['k === 0', 'false'],
      ['wait > LONGEST_WAIT', 'wait >= LONGEST_WAIT'],
      ['wait > LONGEST_WAIT', 'true'],
      ['ran && this.native', 'ran || this.native'],
      ['this.todo <= 0', 'true', 'if (this.todo <= 0) continue'],
      ['count - 1', 'count + 1'],
      ['this.specials.length > 0', 'true'],
      ['this.specials.length > 0', 'this.specials.length >= 0'],
      ['this._fatal !== null', 'true'],
    ],
  },
  {
    file: 'src/loop/options.ts',
    reason: 'of equal deadlines either is the earliest; where none is disabled the place is found all the same; a look at what needs none finds nothing, and costs time alone; who has no owner is not looked for in the list',
    changes: [
      ['r.due < earliest', 'r.due <= earliest'],
      ['disabled.length === 0', 'false'],
      ['r.hop || r.due !== undefined || r.sequence !== undefined', 'true'],
      ['owner !== undefined', 'true'],
    ],
  },
  {
    file: 'src/loop/quiescence.ts',
    reason: 'a message port is a border as an immediate is, and only slower; each message has its callback; a batch that is not needed, where none is left, does nothing; Node that gives its modules has this one',
    changes: [
      ['hostSetImmediate === undefined', 'true'],
      ['queue.shift()?.()', 'queue.shift()()'],
      ['waiting.length > 0', 'true'],
      ['waiting.length > 0', 'waiting.length >= 0'],
      ["process?.getBuiltinModule?.('node:timers')?.setImmediate", "process?.getBuiltinModule?.('node:timers').setImmediate"],
    ],
  },
  {
    file: 'src/loop/pending.ts',
    reason: 'what is neither must nor may not, may',
    changes: [["'may'", '""']],
  },
  {
    file: 'src/loop/pending.ts',
    reason: 'all that is queued while somebody chooses is in the list; what comes later finds nobody who looks at it',
    changes: [['at > 0', 'true']],
  },
  {
    file: 'src/loop/timer-heap.ts',
    reason: 'when the cancelled ones are cleared away is seen in time and memory alone',
    changes: [
      ['this._cancelled * 2 > this._heap.length', 'this._cancelled * 2 >= this._heap.length'],
      ['this._cancelled--', 'this._cancelled++'],
      ['this._heap.length > 100', 'this._heap.length >= 100'],
    ],
  },
  {
    file: 'src/loop/ready-queue.ts',
    reason: 'which elements move, and when holes are filled, is seen in the time that it takes alone; before the head and behind the last one is nothing to move; the first one is found with the tree, too',
    changes: [
      ['k * 2 < this._length', 'true'],
      ['k * 2 < this._length', 'false'],
      ['k * 2 < this._length', 'k * 2 <= this._length'],
      ['k * 2 < this._length', 'k * 2 >= this._length'],
      ['k * 2', 'k / 2'],
      ['[undefined, undefined, undefined, undefined, undefined, undefined]', '[]'],
      ['this._tail === index.capacity', 'true'],
      ['this._tail === index.capacity', 'this._tail !== index.capacity'],
      ['this._length <= SHORT', 'true'],
      ['this._length <= SHORT', 'false'],
      ['this._length <= SHORT', 'this._length < SHORT'],
      ['this._length <= SHORT', 'this._length > SHORT'],
      ['--this._length < SHORT / 2', '--this._length <= SHORT / 2'],
      ['SHORT / 2', 'SHORT * 2'],
      ['k === 0', 'false'],
      ['k === 0', 'true', 'else if (k === 0) while (slots[this._head] === undefined) this._head++'],
      ['i < last', 'i <= last'],
      ['i > head', 'i >= head'],
      ['this._head > SHORT', 'this._head >= SHORT'],
      ['index === null || index.capacity < 2 * this._length || index.capacity > 8 * this._length', 'true'],
      ['index.capacity > 8 * this._length', 'index.capacity >= 8 * this._length'],
      ['8 * this._length', '8 / this._length'],
      ['slots.length > 8 * n + 1024', 'slots.length >= 8 * n + 1024'],
    ],
  },
  {
    file: 'src/asyncio/debug-notes.ts',
    reason: 'a loop that was never in debug mode has no notes to ask, and setDebug says at once whether they are kept',
    changes: [
      ['everUsed', 'true'],
      ['false', 'true', 'let everUsed = false'],
      ['true', 'false', 'enabled = true'],
    ],
  },
  {
    file: 'src/asyncio/future.ts',
    reason: 'an access that is no write counts as a read',
    changes: [["'read'", '""']],
  },
  ...['primitive', 'lock', 'semaphore', 'condition', 'event', 'barrier', 'queue'].map(
    (name): Equivalent => ({
      file: `src/asyncio/${name}.ts`,
      reason: 'an access that is asked for and is no read is a write',
      changes: [["'write'", '""']],
    }),
  ),
  {
    file: 'src/asyncio/queue.ts',
    reason: 'the event that join() waits for is set while nothing is left to do, and that is no wait; when empty slots go is seen in time alone',
    changes: [
      ['this.#unfinished > 0', 'this.#unfinished >= 0'],
      ['this.#head >= 32', 'true'],
      ['this.#head >= 32', 'this.#head > 32'],
      ['this.#head >= 32', 'this.#head < 32'],
      ['this.#head * 2 >= this.#items.length', 'this.#head * 2 > this.#items.length'],
    ],
  },
  {
    file: 'src/asyncio/semaphore.ts',
    reason: 'there is nobody to take out of an empty list',
    changes: [['holders.length === 0', 'false']],
  },
  ...['awaitable', 'coroutine'].map(
    (name): Equivalent => ({
      file: `src/asyncio/${name}.ts`,
      reason: 'nothing is no interruption',
      changes: [['{\n    return false\n  }', '{}']],
    }),
  ),
  {
    file: 'src/asyncio/event-loop.ts',
    reason: 'no options are spread as nothing',
    changes: [['options === undefined', 'false']],
  },
  {
    file: 'src/asyncio/gather.ts',
    reason: 'the list and the map find the same duplicates; the index is looked at only below the length, and nothing behind it is done',
    changes: [
      ['seen === null', 'true'],
      ['this._scanned < distinct.length', 'true'],
      ['awaitables.length > FEW', 'true'],
      ['awaitables.length > FEW', 'false'],
      ['awaitables.length > FEW', 'awaitables.length >= FEW'],
      ['awaitables.length > FEW', 'awaitables.length <= FEW'],
      ['distinct[this._scanned]?.isDone', 'distinct[this._scanned].isDone'],
    ],
  },
  {
    file: 'src/asyncio/gather.ts',
    reason: 'what leads nowhere is no option in the queue either: it only makes the list longer; a gather that has ended has nobody to lead to',
    changes: [
      ['this.state !== PENDING', 'false'],
      ['this._child.state !== EXCEPTION && !this.owner.wouldSettle(this._child)', 'false'],
    ],
  },
  {
    file: 'src/asyncio/task-group.ts',
    reason: 'a task has ended when somebody asks where its end would lead',
    changes: [['t !== child', 'true']],
  },
  {
    file: 'src/asyncio/task-group.ts',
    reason: 'a group that has cancelled its parent has an error, which counts more than the cancellation',
    changes: [['parent.uncancel() === 0', 'parent.uncancel() !== 0']],
  },
  {
    file: 'src/asyncio/handle.ts',
    reason: 'what is not in the queue is not taken out of it',
    changes: [
      ['this.id !== 0', 'true'],
      ['this.#callback !== null && this.id !== 0', 'this.#callback !== null || this.id !== 0'],
    ],
  },
  {
    file: 'src/asyncio/native-frame.ts',
    reason: 'it is asked of what is queued, which waits for something until it runs; what has ended by then touches nothing more',
    changes: [
      ['this.waiting?.describe', 'this.waiting.describe'],
      ["waiting === null || 'hop' in waiting", 'false'],
      ["waiting === null || 'hop' in waiting", "waiting === null && 'hop' in waiting"],
      ['waiting === null', 'false'],
      ["'hop'", '""', "return waiting === null || 'hop' in waiting ? undefined : waiting.accesses"],
    ],
  },
  {
    file: 'src/asyncio/sleep.ts',
    reason: 'the shared object says what one of its own would',
    changes: [['result === undefined', 'false']],
  },
  {
    file: 'src/asyncio/task.ts',
    reason: 'a wait is in the list only while it waits, and is left only after it has begun; splice takes the last one out as pop does; a task with one wait at a time has no two lanes; a generator that stops waiting is given the same cancellation by its wait and by the task',
    changes: [
      ['this._frames.push(frame) > 1', 'this._frames.push(frame) >= 1'],
      ['frames === null', 'false'],
      ['this._waiting?.abandon?.(this, message) ?? false', 'this._waiting?.abandon?.(this, message) && false'],
      ['[]', '["Stryker was here"]'],
      ['f.waiting?.interrupt', 'f.waiting.interrupt'],
      ['f.waiting?.abandon', 'f.waiting.abandon'],
      ['i >= 0 && i === frames.length - 1', 'false'],
    ],
  },
  {
    file: 'src/asyncio/task-register.ts',
    reason: 'what is no future has no exception that is left; when the list lets go of the tasks that have ended is seen in time and memory alone',
    changes: [
      ['2 * this._live + 64', '2 * this._live - 64'],
      ['2 * this._live', '2 / this._live'],
      ['[]', '["Stryker was here"]'],
    ],
  },
  ...['wait-for', 'primitive', 'run-coroutine-threadsafe'].map(
    (name): Equivalent => ({
      file: `src/asyncio/${name}.ts`,
      reason: 'it is made in a step of that loop, which is the default',
      changes: [['{ loop }', '{}']],
    }),
  ),
  {
    file: 'src/asyncio/primitive.ts',
    reason: 'nothing is not more than 0; whoever asks what a wait touches has the primitive numbered by then',
    changes: [
      ['{\n    return 0\n  }', '{}'],
      ['[]', '["Stryker was here"]', '#read: readonly Access[] = []'],
      ['[]', '["Stryker was here"]', '#write: readonly Access[] = []'],
    ],
  },
  {
    file: 'src/asyncio/current-loop.ts',
    reason: 'the module of the loops says how they are made before anybody can ask',
    changes: [['() => getRunningLoop()', '() => undefined']],
  },
  {
    file: 'src/asyncio/stop-when-done.ts',
    reason: 'nobody chooses in a loop that runs until a future is done: an exploration waits for its main task by itself',
    changes: [['false', 'true']],
  },
  {
    file: 'src/asyncio/bare-generators.ts',
    reason: 'it is set again before anybody can ask',
    changes: [['false', 'true', 'let told = false']],
  },
]
