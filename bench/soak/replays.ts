import { FRONT_ENDS, type Memory } from '../../properties/programs.ts'
import { runOnceSync } from '../../src/explore/explore.ts'
import { checkSync, replay } from '../../src/index.ts'
import { type Figure, grouped } from './figure.ts'
import { CHUNK, runSyncOf, traceOf, type Triple, triples } from './triples-run.ts'

/** One in so many failures is minimised as well, and the minimal one replayed by `replay`. */
const MINIMISED = 100

/** Failures of random programs: each is replayed from its token alone, to the same steps and the same error. */
export const replays: Figure = {
  name: 'replays',
  full: 100_000,
  short: 500,
  async run(attempts, say) {
    let failures = 0
    let minimised = 0
    for (let from = 0; failures < attempts; from += CHUNK) {
      for (const triple of triples(from, from + CHUNK)) {
        const first = runSyncOf(triple)
        if (first.once.fault === null) continue
        failures++
        const memory: Memory = { log: [] }
        const once = runOnceSync(FRONT_ENDS.generators(triple.program, memory), { replay: first.once.token })
        if (traceOf({ once, log: memory.log }) !== traceOf(first)) throw new Error(`${first.once.token} replays to another trace`)
        if (failures % MINIMISED === 0) minimised += await minimal(triple)
        if (failures === attempts) break
      }
    }
    say(`${grouped(failures)} failures replayed from their tokens, ${grouped(minimised)} of them minimised too: every trace the same`)
  },
}

async function minimal({ program, strategy, seed }: Triple): Promise<number> {
  const body = FRONT_ENDS.generators(program, { log: [] })
  const { failure } = checkSync(body, { strategy, seed, maxSteps: 2000 })
  if (failure?.schedule !== 1) throw new Error(`a failure of one run is none of an exploration: ${strategy} ${seed} ${JSON.stringify(program)}: schedule ${failure?.schedule ?? 0}`)
  const again = (await replay(body, failure.token)).failure
  const same = again?.kind === failure.kind && String(again.error) === String(failure.error) && JSON.stringify(again.trace) === JSON.stringify(failure.trace)
  if (!same) throw new Error(`${failure.token}, minimised, replays to another failure`)
  return 1
}
