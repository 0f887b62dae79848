import { IN_STRATEGIES } from './equivalents-strategies.ts'
import type { Mutant } from './mutants.ts'

/** Changes that no program can tell from the original, and why. */
export interface Equivalent {
  readonly file: string
  readonly reason: string
  /** The text, and what stands in its place; the whole line, where another one of the file has the same text. */
  readonly changes: readonly (readonly [original: string, replacement: string, line?: string])[]
}

const EQUIVALENT: readonly Equivalent[] = [
  ...IN_STRATEGIES,
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
    reason: 'typed arrays ignore what is written behind their end, and nobody reads the count of all words together',
    changes: [
      ['w < words', 'w <= words'],
      ['parent <= words', 'true'],
      ['parent <= words', 'parent < words'],
      ['i < counts.length', 'i <= counts.length'],
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
    reason: 'splice takes the first one out as shift does; what is special is looked for where there is nothing; what throws asks again whether there is anything to throw; a wait of just a day adds no iteration; one border more does nothing; past the last external is the clock',
    changes: [
      ['k === 0', 'false'],
      ['wait > LONGEST_WAIT', 'wait >= LONGEST_WAIT'],
      ['ran && this.native', 'ran || this.native'],
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
    reason: 'a message port is a border as an immediate is, and only slower; a batch that is not needed, where none is left, does nothing',
    changes: [
      ['hostSetImmediate === undefined', 'true'],
      ['waiting.length > 0', 'true'],
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
      ['this._head > 1024 && this._head * 2 > this._tail', 'true'],
      ['this._head > 1024 && this._head * 2 > this._tail', 'this._head > 1024 || this._head * 2 > this._tail'],
      ['this._head > 1024', 'true'],
      ['this._head > 1024', 'this._head >= 1024'],
      ['this._head > 1024', 'this._head <= 1024'],
      ['this._head * 2 > this._tail', 'true'],
      ['this._head * 2 > this._tail', 'this._head * 2 >= this._tail'],
      ['this._tail === index.capacity', 'true'],
      ['this._tail === index.capacity', 'this._tail !== index.capacity'],
      ['this._length <= SHORT', 'true'],
      ['this._length <= SHORT', 'false'],
      ['this._length <= SHORT', 'this._length < SHORT'],
      ['this._length <= SHORT', 'this._length > SHORT'],
      ['--this._length < SHORT / 2', '--this._length <= SHORT / 2'],
      ['SHORT / 2', 'SHORT * 2'],
      ['this._index === null || k === 0', 'this._index === null'],
      ['k === 0', 'false'],
      ['k === 0', 'true', 'else if (k === 0) while (slots[this._head] === undefined) this._head++'],
      ['i < last', 'i <= last'],
      ['i > head', 'i >= head'],
      ['this._head > SHORT', 'this._head >= SHORT'],
      ['index === null || index.capacity < 2 * this._length || index.capacity > 8 * this._length', 'true'],
      ['index.capacity > 8 * this._length', 'index.capacity >= 8 * this._length'],
      ['slots.length > 8 * n + 1024', 'slots.length >= 8 * n + 1024'],
    ],
  },
  {
    file: 'src/asyncio/debug-notes.ts',
    reason: 'a loop that was never in debug mode has no notes to ask',
    changes: [
      ['everUsed', 'true'],
      ['false', 'true', 'let everUsed = false'],
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
      ["'hop' in waiting", 'false'],
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
      ['i === frames.length - 1', 'false'],
    ],
  },
  {
    file: 'src/asyncio/task-register.ts',
    reason: 'what is no future has no exception that is left; when the list lets go of the tasks that have ended is seen in time and memory alone',
    changes: [
      ['this._tasks.length > 2 * this._live + 64', 'true'],
      ['this._tasks.length > 2 * this._live + 64', 'this._tasks.length >= 2 * this._live + 64'],
      ['this._tasks.length > 2 * this._live + 64', 'this._tasks.length <= 2 * this._live + 64'],
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
    file: 'src/asyncio/bare-generators.ts',
    reason: 'it is set again before anybody can ask',
    changes: [['false', 'true', 'let told = false']],
  },
  {
    file: 'src/explore/recording.ts',
    reason: 'the step that follows a choice writes its own place there',
    changes: [
      ['steps.length > entry', 'true'],
      ['steps.length > entry', 'steps.length >= entry'],
    ],
  },
  {
    file: 'src/explore/recording.ts',
    reason: 'the loop tells of what is awaited and of whose time runs out, and is asked who is new, from the recording’s beginning to its end: there is one then',
    changes: [
      ['this.#loop?.acting', 'this.#loop.acting'],
      ['this.#loop?.time', 'this.#loop.time'],
      ['this.#loop?.ready', 'this.#loop.ready'],
    ],
  },
  {
    file: 'src/explore/execution.ts',
    reason: 'of no tasks none is left that nobody has cancelled: it only saves a list of them',
    changes: [['live.length === 0', 'false']],
  },
  {
    file: 'src/explore/findings.ts',
    reason: 'what comes after a step is not the first; no label has an absent one in it; a mark without a place is passed over',
    changes: [
      ['[]', '["Stryker was here"]'],
      ['next < 0', 'next <= 0'],
      ['x.label !== undefined', 'true'],
    ],
  },
  {
    file: 'src/explore/cut-short.ts',
    reason: 'it ends a run from within Heddle, where it is known by its class, and nobody is shown it',
    changes: [
      ["'CutShort'", '""'],
      ["'the run was cut short: its exploration was told to end'", '""'],
    ],
  },
  {
    file: 'src/explore/wait-records.ts',
    reason: 'it only saves going a way again that leads nowhere',
    changes: [['done.has(task)', 'false']],
  },
  {
    file: 'src/explore/token.ts',
    reason: 'a text that is too short for what it announces is too short for the fingerprint behind it, too: the error is the same',
    changes: [['this.#bytes.length - this.at', 'this.#bytes.length + this.at']],
  },
  {
    file: 'src/explore/shown.ts',
    reason: 'a function that ends gives undefined',
    changes: [['{\n    return undefined\n  }', '{}']],
  },
  {
    file: 'src/explore/schedule-record.ts',
    reason: 'the first entry behind the beginning is moved by nothing, or to itself',
    changes: [['entry < KEPT', 'entry <= KEPT']],
  },
  {
    file: 'src/explore/repeats.ts',
    reason: 'what is longer than a third of the whole does not come three times: it is looked at in vain',
    changes: [['length * LEAST', 'length / LEAST']],
  },
  {
    file: 'src/explore/minimise.ts',
    reason: 'switches and lanes are only taken from a schedule that is there',
    changes: [
      ['this.#best?.ordered', 'this.#best.ordered'],
      ['this.#best?.switches', 'this.#best.switches'],
    ],
  },
  {
    file: 'src/explore/short-order.ts',
    reason: 'the sequencer says by the run’s number that it has one schedule, and nobody asks here; of no steps none is left out; the first entry is asked for before its forerunner; a step that is a value has been picked; a name that no step has orders nothing',
    changes: [
      ['{ schedule: 1, seed: 0 }', '{}'],
      ['to > 0', 'to >= 0'],
      ['steps[entry - 1]?.step', 'steps[entry - 1].step'],
      ['s.choice?.pick', 's.choice.pick'],
      ['[]', '["Stryker was here"]'],
    ],
  },
]

/** Why no program can tell this mutant from the original, if that is known. */
export function equivalent(mutant: Mutant): string | null {
  const found = EQUIVALENT.find(
    (e) =>
      e.file === mutant.file &&
      e.changes.some(
        ([original, replacement, line = mutant.text]) => original === mutant.original && replacement === mutant.replacement && line === mutant.text,
      ),
  )
  return found?.reason ?? null
}
