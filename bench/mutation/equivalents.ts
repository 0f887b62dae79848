import type { Mutant } from './mutants.ts'

/** Changes that no program can tell from the original, and why. */
interface Equivalent {
  readonly file: string
  readonly reason: string
  /** The text, and what stands in its place. */
  readonly changes: readonly (readonly [original: string, replacement: string])[]
}

const EQUIVALENT: readonly Equivalent[] = [
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
    file: 'src/loop/quiescence.ts',
    reason: 'it is asked in a callback of the host’s setImmediate, which is there then',
    changes: [['hostSetImmediate !== undefined', 'true']],
  },
  {
    file: 'src/asyncio/as-completed.ts',
    reason: 'it is only asked in a step of that loop, which a future without a loop of its own takes',
    changes: [['{\n    this.#loop = loop\n  }', '{}']],
  },
  {
    file: 'src/strategies/profile.ts',
    reason: 'the count only saves a look at lanes that have all shown, and looking at those changes nothing',
    changes: [['this.#unborn--', 'this.#unborn++']],
  },
  {
    file: 'src/strategies/delay.ts',
    reason: 'one cost more than there are options is written, and nobody reads it',
    changes: [['i < count', 'i <= count']],
  },
]

/** Why no program can tell this mutant from the original, if that is known. */
export function equivalent(mutant: Mutant): string | null {
  const found = EQUIVALENT.find(
    (e) => e.file === mutant.file && e.changes.some(([original, replacement]) => original === mutant.original && replacement === mutant.replacement),
  )
  return found?.reason ?? null
}
