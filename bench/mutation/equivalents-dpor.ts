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
    reason: 'a hole in a list is as good as nothing; no lane, no operation; it is set when an execution begins',
    changes: [
      ['this.#extra.length <= lane', 'false'],
      ['lane !== undefined', 'true'],
      ['-1', '+1', '#cancelledItself = -1'],
    ],
  },
  {
    file: 'src/strategies/dpor/step.ts',
    reason: 'who ends no future ends none that somebody sees: it only saves a call',
    changes: [['b.settles.length > 0', 'b.settles.length >= 0']],
  },
  {
    file: 'src/strategies/dpor/wakeup-tree.ts',
    reason: 'shortcuts: a copy is as good as the list, of no choices none differs, and of a sequence of which nothing is left nothing is added; it is set before it is read; nothing is chosen in the first step of a run',
    changes: [
      ['n === 0', 'false'],
      ['n === asleep.length', 'false'],
      ['this.#from === this.length', 'false'],
      ['e.picks.length === 0 && x.picks.length === 0', 'false'],
      ['-1', '+1', '#wary = -1'],
      ['depth >= 0', 'depth > 0'],
    ],
  },
]
