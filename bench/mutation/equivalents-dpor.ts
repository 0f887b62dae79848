import type { Equivalent } from './equivalents.ts'

const FILLED: readonly [string, string] = ['[]', '["Stryker was here"]']

/** In src/strategies/dpor, beside those in equivalents-strategies.ts. */
export const IN_DPOR: readonly Equivalent[] = [
  {
    file: 'src/strategies/dpor/touchers.ts',
    reason: 'room for one more; a list is filled with zeros, or read as far as it is counted, before it is read',
    changes: [['this.#steps.length < objects', 'this.#steps.length <= objects'], FILLED],
  },
  {
    file: 'src/strategies/dpor/recollection.ts',
    reason: 'keys only have to be equal for equal beginnings: they may count down, and begin with whatever text, if all do',
    changes: [
      ['(this.#made.get(lane) ?? 0) + 1', '(this.#made.get(lane) ?? 0) - 1'],
      ["''", '"Stryker was here!"'],
    ],
  },
  {
    file: 'src/strategies/dpor/happens-before.ts',
    reason: 'the clock does not come after a step that it is compared with; a larger block than is needed; nothing is read of a row that there is not',
    changes: [
      ['i < clock.index', 'i <= clock.index'],
      ['n * this.#width > this.#clocks.length', 'n * this.#width >= this.#clocks.length'],
      ['before >= 0', 'true', 'if (before >= 0) this.#joinInto(c, before)'],
    ],
  },
  {
    file: 'src/strategies/dpor/recording.ts',
    reason: 'no lane, no operation; it is set when an execution begins; a list of one is the same whoever makes it',
    changes: [
      ['step.settles.length === 0', 'false'],
      ['lane !== undefined', 'true'],
      ['-1', '+1', '#cancelledItself = -1'],
    ],
  },
  {
    file: 'src/strategies/dpor/step.ts',
    reason: 'who ends no future ends none that somebody sees: it only saves a call; behind the last future is none that is touched',
    changes: [
      ['b.settles.length > 0', 'b.settles.length >= 0'],
      ['k < settles.length', 'k <= settles.length'],
    ],
  },
  {
    file: 'src/strategies/dpor/sleepers.ts',
    reason: 'a shortcut: what is looked at again sleeps as before where the steps touch what they did, or less; it is written before it is read',
    changes: [
      FILLED,
      ["{\n  return a === b || (a !== null && b !== null && a.length === b.length && a.every((object, i) => object === b[i]))\n}", '{}'],
      ['false', 'true', 'let changed = false'],
      ['a === b || (a !== null && b !== null && a.length === b.length && a.every((object, i) => object === b[i]))', 'a === b && a !== null && b !== null && a.length === b.length && a.every((object, i) => object === b[i])'],
      ['a === b', 'false'],
      ['a === b || (a !== null && b !== null && a.length === b.length && a.every((object, i) => object === b[i]))', 'false'],
      ['(object, i) => object === b[i]', '() => undefined'],
      ['changed', 'true', 'if (changed) {'],
      ['a.length === b.length', 'true'],
      ['a.length === b.length', 'a.length !== b.length'],
      ['object === b[i]', 'false'],
      ['a !== null && b !== null && a.length === b.length && a.every((object, i) => object === b[i])', 'false'],
    ],
  },
  {
    file: 'src/strategies/dpor/followed.ts',
    reason: 'the first step of a run awaits nothing; shortcuts, and room: what is kept twice says nothing more, nor what has all that is kept; keys only have to be others for other lanes and futures; what is kept by joins is emptied when an execution has ended',
    changes: [
      FILLED,
      ['j.resumed < 0', 'j.resumed <= 0'],
      ['resumed < 0', 'resumed <= 0'],
      ['j.resumed >= 0', 'j.resumed > 0'],
      ['resumed >= 0', 'resumed > 0'],
      ['ways.length === 0', 'false'],
      ['settles.length === 0', 'false'],
      ['(other) => other.every((future) => one.includes(future))', '() => undefined'],
      ['(future) => one.includes(future)', '() => undefined'],
      ['(this.#recording.steps[j.step] as Step).frame * OBJECTS', '(this.#recording.steps[j.step] as Step).frame / OBJECTS'],
      ['(this.#recording.steps[j.step] as Step).frame * OBJECTS + j.object', '(this.#recording.steps[j.step] as Step).frame * OBJECTS - j.object'],
      ['!all.some((other) => other.every((future) => one.includes(future)))', 'true'],
    ],
  },
  {
    file: 'src/strategies/dpor/awaiting.ts',
    reason: 'a hole in a list is as good as nothing, and all lists are emptied when an execution begins; these are set when a step begins; no future has the number 0; what ended a future is asked of those that have ended',
    changes: [
      FILLED,
      ["{\n    while (this.#extra.length <= lane) {\n      this.#extra.push(undefined)\n      this.#awaited.push(undefined)\n    }\n  }", '{}'],
      ['false', 'true', '#waits = false'],
      ['false', 'true', '#inside = false'],
      ['by < 0', 'by <= 0'],
      ['by >= 0', 'by > 0'],
      ['-1', '+1', 'return this.#ends[future] ?? -1'],
    ],
  },
  {
    file: 'src/strategies/dpor/wakeup-tree.ts',
    reason: 'shortcuts: a copy is as good as the list, of no choices none differs, and what has been taken out is passed over wherever the look begins; it is set before it is read; nothing is chosen in the first step of a run',
    changes: [
      ['n === 0', 'false'],
      ['n === asleep.length', 'false'],
      ['this.#from < this.length && this.#taken[this.#from] === 1', 'false'],
      ['this.#from < this.length', 'this.#from <= this.length'],
      ['this.#from < this.length', 'true'],
      ['e.picks.length === 0 && x.picks.length === 0', 'false'],
      ['-1', '+1', '#wary = -1'],
      ['depth >= 0', 'depth > 0'],
    ],
  },
]
