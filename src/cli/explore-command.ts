import { fileCorpus } from '../adapters/file-corpus.ts'
import { identityOf } from './identity.ts'
import { write, scenarioFiles } from './files.ts'
import { githubAnnotations } from './github.ts'
import type { Target } from './messages.ts'
import { FOUND, Misuse, NOTHING_FOUND } from './misuse.ts'
import { planOf, type RawOptions } from './plan.ts'
import { resultsText } from './parse-results.ts'
import { ProgressBar } from './progress-bar.ts'
import { isFailing, type ScenarioResult } from './results.ts'
import { summary } from './summary.ts'
import { Team } from './team.ts'
import type { Control } from './control.ts'

/** Options of `heddle explore`. */
export interface ExploreFlags extends RawOptions {
  readonly name?: string
  readonly json?: string
  readonly reporter: string
  readonly plugin?: boolean
}

export const REPORTERS = ['words', 'json', 'github'] as const

/** `heddle explore`. @throws Misuse */
export async function exploreCommand(paths: readonly string[], flags: ExploreFlags): Promise<number> {
  const plan = planOf(flags)
  const reporter = REPORTERS.find((r) => r === flags.reporter)
  if (reporter === undefined) throw new Misuse(`--reporter must be ${REPORTERS.join(', ')}, not '${flags.reporter}'`)
  const team = await Team.gather(plan.workers, { files: scenarioFiles(paths), instrument: flags.plugin })
  const results: ScenarioResult[] = []
  const say = (): void => {
    if (results.length > 0) print(results, reporter)
  }
  const interruption = new Interruption(() => team.stop(), say)
  try {
    for (const target of chosen(team.targets, flags.name)) {
      if (interruption.asked) break
      const bar = new ProgressBar(process.stderr, identityOf(target), plan)
      const watch = (control: Control): (() => void) => {
        interruption.control = control
        return bar.follow(control)
      }
      const result = await team.explore(target, plan, watch)
      results.push(result)
      if (plan.corpus !== undefined) keep(result, plan.corpus)
    }
  } finally {
    interruption.end()
    await team.close()
    // Whatever comes: what was found is said, first of all.
    say()
    if (flags.json !== undefined) write(flags.json, resultsText(results))
  }
  return results.some(isFailing) ? FOUND : NOTHING_FOUND
}

/** A directory that can't be written is told of, and costs nothing else. */
function keep({ distinct }: ScenarioResult, directory: string): void {
  const corpus = fileCorpus(directory)
  try {
    for (const { file } of distinct) corpus.save(file)
  } catch (error) {
    process.stderr.write(`heddle: the corpus: ${error instanceof Error ? error.message : String(error)}\n`)
  }
}

export function print(results: readonly ScenarioResult[], reporter: (typeof REPORTERS)[number]): void {
  const text = reporter === 'json' ? resultsText(results).trimEnd() : summary(results)
  const annotations = reporter === 'github' ? githubAnnotations(results) : ''
  process.stdout.write(`${text}\n${annotations === '' ? '' : `${annotations}\n`}`)
}

/** The scenarios of that name; without one, all. @throws Misuse naming those there are */
export function chosen(targets: readonly Target[], name: string | undefined): readonly Target[] {
  if (name === undefined) return targets
  const exact = targets.filter((t) => t.scenario === name || identityOf(t) === name)
  const found = exact.length > 0 ? exact : targets.filter((t) => t.scenario.includes(name))
  if (found.length > 0) return found
  throw new Misuse(`no scenario is called '${name}'; there are ${targets.map((t) => `'${t.scenario}'`).join(', ')}`)
}

/** Ctrl-C once: the exploration ends, and what was found is printed. Twice: out, with what was found by the scenarios before. */
class Interruption {
  asked = false
  control: Control | null = null
  readonly #stop: () => void
  readonly #say: () => void
  readonly #listener = (): void => {
    if (this.asked) {
      this.#say()
      process.exit(130)
    }
    this.asked = true
    process.stderr.write('\nheddle: ending after the present schedules; Ctrl-C again to leave at once\n')
    this.control?.interrupt()
    this.#stop()
  }

  constructor(stop: () => void, say: () => void) {
    this.#stop = stop
    this.#say = say
    process.on('SIGINT', this.#listener)
    process.on('SIGTERM', this.#listener)
  }

  end(): void {
    process.off('SIGINT', this.#listener)
    process.off('SIGTERM', this.#listener)
  }
}
