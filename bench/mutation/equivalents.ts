import { existsSync } from 'node:fs'
import { IN_DPOR } from './equivalents-dpor.ts'
import { IN_ENGINE } from './equivalents-engine.ts'
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
  ...IN_ENGINE,
  ...IN_STRATEGIES,
  ...IN_DPOR,
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
    file: 'src/explore/promise-waits.ts',
    reason: 'no line of a stack is none of those that make a promise by hand',
    changes: [["''", '"Stryker was here!"']],
  },
  {
    file: 'src/explore/search.ts',
    reason: 'no time is as long as a limit that is none: it only saves asking the clock',
    changes: [['settings.timeLimit !== Number.POSITIVE_INFINITY', 'true']],
  },
  {
    file: 'src/explore/search.ts',
    reason: 'it only saves a copy of the choices, at which nobody looks where no schedule follows',
    changes: [['schedule <= settings.schedules', 'true']],
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

type Change = Equivalent['changes'][number]

function makes([original, replacement, line]: Change, mutant: Mutant): boolean {
  return original === mutant.original && replacement === mutant.replacement && (line ?? mutant.text) === mutant.text
}

/** Why no program can tell this mutant from the original, if that is known. */
export function equivalent(mutant: Mutant): string | null {
  const found = EQUIVALENT.find((e) => e.file === mutant.file && e.changes.some((change) => makes(change, mutant)))
  return found?.reason ?? null
}

/** What is named here of these files and is none of their mutants: the code has changed since. */
export function outdated(files: readonly string[], mutants: readonly Mutant[]): string[] {
  return EQUIVALENT.filter((e) => files.includes(e.file) || !existsSync(e.file)).flatMap(({ file, changes }) => {
    const own = mutants.filter((m) => m.file === file)
    // Lists are named for all files of a folder at once, whether they have one or not.
    const gone = changes.filter((change) => change[0] !== '[]' && !own.some((m) => makes(change, m)))
    return gone.map(([original, replacement]) => `${file}: ${original} -> ${replacement}`)
  })
}
