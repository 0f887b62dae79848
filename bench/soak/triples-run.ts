import * as fc from 'fast-check'
import { FRONT_ENDS, type Memory, type Program, programs } from '../../properties/programs.ts'
import { runOnce, runOnceSync } from '../../src/explore/explore.ts'
import type { Once } from '../../src/explore/once.ts'
import { hash } from '../../src/explore/options.ts'
import type { StrategyName } from '../../src/strategies/index.ts'

export const CHUNK = 1000
/** One in so many programs is one of native async functions, whose macrotasks take their time. */
const NATIVE = 20

const STRATEGIES: readonly StrategyName[] = ['random', 'pct', 'pos', 'surw', 'urw', 'random', 'portfolio', 'fifo']

/** A program and how it is scheduled: the same for the same number, in every process. */
export interface Triple {
  readonly program: Program
  readonly strategy: StrategyName
  readonly seed: number
}

/** The triples with these numbers. */
export function triples(from: number, to: number): Triple[] {
  const drawn = fc.sample(programs({ maxOps: 4, maxTasks: 3 }), { seed: from, numRuns: to - from })
  return drawn.map((program, i) => ({
    program,
    strategy: STRATEGIES[(from + i) % STRATEGIES.length] as StrategyName,
    seed: Math.imul(from + i, 0x9e3779b1) >>> 0,
  }))
}

export function runSyncOf({ program, strategy, seed }: Triple): { readonly once: Once; readonly log: readonly string[] } {
  const memory: Memory = { log: [] }
  const once = runOnceSync(FRONT_ENDS.generators(program, memory), { strategy, seed, maxSteps: 2000 })
  return { once, log: memory.log }
}

async function runNative({ program, strategy, seed }: Triple): Promise<{ readonly once: Once; readonly log: readonly string[] }> {
  const memory: Memory = { log: [] }
  const once = await runOnce(FRONT_ENDS.native(program, memory), { strategy, seed, maxSteps: 2000 })
  return { once, log: memory.log }
}

/** All that a run shows: its steps, its token, its verdict, and what the program itself has written down. */
export function traceOf({ once, log }: { readonly once: Once; readonly log: readonly string[] }): string {
  const error = once.fault?.error
  const verdict = once.fault === null ? '' : `${once.fault.kind} ${error instanceof Error ? `${error.name} ${error.message}` : String(error)}`
  return `${once.token}\n${verdict}\n${JSON.stringify(once.trace)}\n${log.join('\n')}`
}

export async function chunkHash(from: number, to: number): Promise<string> {
  let h = hash('')
  let length = 0
  for (const [i, triple] of triples(from, to).entries()) {
    const trace = traceOf(i % NATIVE === 0 ? await runNative(triple) : runSyncOf(triple))
    h = hash(trace, h)
    length += trace.length
  }
  return `${h.toString(16)}-${length}`
}
