import { readFileSync } from 'node:fs'
import { Instrumenter } from '@stryker-mutator/instrumenter'
import { Prng } from '../../src/strategies/prng.ts'

/** One change to one place of the sources, which the specs should notice. */
export interface Mutant {
  readonly id: string
  /** From the root of the repository. */
  readonly file: string
  readonly line: number
  /** The whole line. */
  readonly text: string
  readonly mutator: string
  /** The text in its place, and what the mutant puts there. */
  readonly original: string
  readonly replacement: string
}

export interface Instrumented {
  /** Path from the root, and the code with every mutant in it behind a switch. */
  readonly code: ReadonlyMap<string, string>
  readonly mutants: readonly Mutant[]
}

/** StrykerJS makes the mutants: its whole set of mutators, as it comes. */
export async function instrument(root: string, files: readonly string[]): Promise<Instrumented> {
  const nothing = (): void => {}
  const logger = {
    isTraceEnabled: () => false,
    isDebugEnabled: () => false,
    isInfoEnabled: () => false,
    isWarnEnabled: () => true,
    isErrorEnabled: () => true,
    isFatalEnabled: () => true,
    trace: nothing,
    debug: nothing,
    info: nothing,
    warn: console.warn,
    error: console.error,
    fatal: console.error,
  }
  const sources = new Map(files.map((file) => [file, readFileSync(`${root}${file}`, 'utf8')]))
  const inputs = [...sources].map(([file, content]) => ({ name: `${root}${file}`, mutate: true, content }))
  const made = await new Instrumenter(logger).instrument(inputs, { plugins: null, ignorers: [], excludedMutations: [] })
  const mutants = made.mutants.map(({ id, fileName, mutatorName, replacement, location }): Mutant => {
    const file = fileName.slice(root.length)
    const lines = (sources.get(file) ?? '').split('\n').slice(location.start.line, location.end.line + 1)
    const text = lines[0]?.trim() ?? ''
    lines[lines.length - 1] = lines.at(-1)?.slice(0, location.end.column) ?? ''
    lines[0] = lines[0]?.slice(location.start.column) ?? ''
    return { id, file, line: location.start.line + 1, text, mutator: mutatorName, original: lines.join('\n'), replacement }
  })
  return { code: new Map(made.files.map((f) => [f.name.slice(root.length), withSwitches(f.content)])), mutants }
}

/** The instrumenter's own switches ask for much at each expression. These are the same in one comparison. */
function withSwitches(code: string): string {
  const last = code.indexOf('function stryMutAct_9fa48(')
  const end = code.indexOf('\n}\n', last)
  if (last < 0 || end < 0) return code
  return `const stry_9fa48 = globalThis.__mutation__
function stryCov_9fa48() { if (stry_9fa48.covering) stry_9fa48.cover(arguments) }
function stryMutAct_9fa48(id) { return id === stry_9fa48.active && stry_9fa48.hit() }
${code.slice(end + 3).replace(/(stry(?:Cov|MutAct)_9fa48)\(("[^)]*")\)/g, (_, name: string, ids: string) => `${name}(${ids.replaceAll('"', '')})`)}`
}

/** A share of each file's mutants, at least one of each file, in random order: the same for the same seed. */
export function sample(mutants: readonly Mutant[], share: number, seed: number): Mutant[] {
  const prng = new Prng()
  prng.seed(seed, 0)
  const files = [...new Set(mutants.map((m) => m.file))]
  const chosen = files.flatMap((file) => {
    const own = mutants.filter((m) => m.file === file)
    return shuffled(own, prng).slice(0, Math.ceil(own.length * share))
  })
  return shuffled(chosen, prng)
}

function shuffled(mutants: readonly Mutant[], prng: Prng): Mutant[] {
  const left = [...mutants]
  const out: Mutant[] = []
  while (left.length > 0) out.push(...left.splice(prng.below(left.length), 1))
  return out
}
