import { randomInt } from 'node:crypto'
import { Chance } from '../../properties/hostile-input.ts'
import { explored, inWords, type Op, type Program, type Word, WORDS } from '../../properties/traced-programs.ts'
import { check, type Report } from '../../src/index.ts'
import { Classes } from './classes.ts'
import { type Figure, grouped } from './figure.ts'
import { drawnNatively, nativeBody, type NativeProgram, Outcome } from './native-programs.ts'

/** What needs more of them, reduced and not reduced, is left out: most of it is run with every schedule, or takes too long. */
const EXECUTIONS = 1000
const SCHEDULES = 6000

/** Where fewer are made little can go wrong. */
const FEW = 5

/** What meets often enough to get in one another's way; with whatever else there is, now and then. */
const KINDS: readonly (readonly Word[])[] = [
  ['read', 'write', 'add', 'exchange', 'await', 'lock', 'release', 'join', 'fork'],
  ['mutex', 'wait', 'set', 'read', 'poke'],
  ['settle', 'outcome', 'look', 'read', 'poke', 'join'],
  ['put', 'get', 'read', 'poke', 'mutex'],
  ['choose', 'toss', 'read', 'peek', 'poke', 'mutex', 'wait', 'set'],
  ['pause', 'sleep', 'send', 'call', 'read', 'poke'],
  ['collect', 'ask', 'turn', 'shield', 'join', 'peek', 'poke'],
  WORDS,
]

const ENDINGS = ['all', 'all', 'all', 'all', 'fail', 'first', 'one'] as const

/** Three or four tasks, which do three to five kinds of things. */
function drawn(chance: Chance): Program {
  const kind = chance.of(KINDS)
  const words = Array.from({ length: 3 + chance.below(3) }, () => chance.of(kind))
  const op = (): Op => ({ op: chance.of(words), cell: chance.of([0, 1, 2] as const), value: chance.below(3) })
  const tasks = Array.from({ length: 3 + chance.below(2) }, () => Array.from({ length: 1 + chance.below(3) }, op))
  return { tasks, ending: chance.of(ENDINGS) }
}

/** What a search has seen. */
interface Seen {
  readonly report: Report
  readonly traces: ReadonlySet<string>
}

/** What is counted of the programs that were looked at. */
const NOTHING = { schedules: 0, executions: 0, traces: 0, again: 0 }
type Counts = typeof NOTHING

/** What the shares of the search see together. */
function together(program: Program, count: number): ReadonlySet<string> {
  const traces = new Set<string>()
  for (let index = 1; index <= count; index++) {
    for (const trace of explored(program, 'dpor', 2 * EXECUTIONS, { index, count }).traces) traces.add(trace)
  }
  return traces
}

function same(which: string, seen: ReadonlySet<string>, all: ReadonlySet<string>): void {
  const lost = [...all].filter((trace) => !seen.has(trace))
  if (lost.length > 0) throw new Error(`${which}: ${lost.length} of ${all.size} are left out, such as ${lost[0]}`)
  const made = [...seen].filter((trace) => !all.has(trace))
  if (made.length > 0) throw new Error(`${which}: no schedule has ${made[0]}`)
}

/** How many classes of equivalent schedules there are; null: nobody can say. */
function classesOf(program: Program): number | null {
  if (program.ending !== 'all') return null
  const first = new Classes()
  explored(program, first, SCHEDULES)
  const known = new Classes(first)
  explored(program, known, SCHEDULES)
  return known.isExact ? known.count : null
}

function isOfUse(whole: Report): boolean {
  return whole.exhausted && whole.schedules >= FEW
}

/** What is counted of it; null: `dpor` runs no fewer than all schedules, or there are too many. */
function held(whole: Seen, all: Seen): Counts | null {
  if (!all.report.exhausted || all.report.schedules === whole.report.schedules) return null
  same('dpor', whole.traces, all.traces)
  if (whole.report.failures > 0 !== all.report.failures > 0) {
    throw new Error(`dpor: ${whole.report.failures} executions fail; of all schedules ${all.report.failures}`)
  }
  return { schedules: all.report.schedules, executions: whole.report.schedules, traces: all.traces.size, again: 0 }
}

function attempt(chance: Chance): Counts | null {
  const program = drawn(chance)
  try {
    const whole = explored(program, 'dpor', EXECUTIONS)
    if (!isOfUse(whole.report)) return null
    const all = explored(program, 'exhaustive', SCHEDULES)
    const counts = held(whole, all)
    if (counts === null) return null
    const shares = 2 + chance.below(2)
    same(`${shares} shares of dpor`, together(program, shares), all.traces)
    const classes = classesOf(program)
    if (classes === null) return counts
    if (counts.executions < classes) throw new Error(`dpor: ${counts.executions} executions for ${classes} classes of schedules`)
    return { ...counts, again: counts.executions - classes }
  } catch (error) {
    throw new Error(inWords(program), { cause: error })
  }
}

async function exploredNatively(program: NativeProgram, strategy: 'dpor' | 'exhaustive', schedules: number): Promise<Seen> {
  const traces = new Set<string>()
  let outcome = new Outcome()
  const setup = (): (() => void) => {
    outcome = new Outcome()
    return () => traces.add(outcome.text)
  }
  const report = await check(() => nativeBody(program, outcome)(), { strategy, assume: 'tracked', bail: false, leaks: 'ignore', schedules, setup })
  return { report, traces }
}

async function attemptNatively(chance: Chance): Promise<Counts | null> {
  const program = drawnNatively(chance)
  try {
    const whole = await exploredNatively(program, 'dpor', EXECUTIONS)
    if (!isOfUse(whole.report)) return null
    return held(whole, await exploredNatively(program, 'exhaustive', SCHEDULES))
  } catch (error) {
    throw new Error(JSON.stringify(program), { cause: error })
  }
}

/**
 * What `dpor` says that it has proved, held against every schedule of programs that are larger than those of the
 * property tests, where it runs fewer. No order of accesses to a cell is left out, by the whole search or by its shares
 * together; and at least as many executions count as there are classes of equivalent schedules, so that none is left out
 * that shows in no cell. One program in five is of native functions; of these nothing is left out that they come to. There is
 * no shortened form, as the programs are others each time.
 */
export const reductions: Figure = {
  name: 'reductions',
  full: 500,
  short: 0,
  async run(attempts, say) {
    const seed = randomInt(2 ** 31)
    const sum = { ...NOTHING }
    let programs = 0
    for (let number = 0; programs < attempts; number++) {
      const chance = new Chance(seed, number)
      const counts = programs % 5 === 4 ? await attemptNatively(chance) : attempt(chance)
      if (counts === null) continue
      programs++
      sum.schedules += counts.schedules
      sum.executions += counts.executions
      sum.traces += counts.traces
      sum.again += counts.again
    }
    const [schedules, traces, executions, again] = [sum.schedules, sum.traces, sum.executions, sum.again].map(grouped)
    say(
      `${grouped(programs)} random programs (seed ${seed}), ${schedules} schedules: all ${traces} orders of accesses are in the ${executions} that dpor runs, and in those of its shares; no class of schedules is left out, ${again} counted twice`,
    )
  },
}
