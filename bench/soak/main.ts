/**
 * `npm run soak [-- --short] [--attempts N] [FIGURE…]`: figures of reliability, a line each. It ends with exit code 1
 * where one does not hold.
 */
import { parseArgs } from 'node:util'
import { callbacks } from './callbacks.ts'
import type { Figure } from './figure.ts'
import { hostile } from './hostile.ts'
import { kill } from './kill.ts'
import { memory } from './memory.ts'
import { properties } from './properties.ts'
import { reductions } from './reductions.ts'
import { replays } from './replays.ts'
import { triples } from './triples.ts'

const FIGURES: readonly Figure[] = [triples, replays, memory, callbacks, kill, hostile, properties, reductions]

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { short: { type: 'boolean' }, attempts: { type: 'string' } },
})
const unknown = positionals.find((p) => !FIGURES.some((f) => f.name === p))
if (unknown !== undefined) throw new Error(`no figure is called ${unknown}: ${FIGURES.map((f) => f.name).join(' ')}`)

for (const figure of FIGURES.filter((f) => positionals.length === 0 || positionals.includes(f.name))) {
  const attempts = values.attempts === undefined ? (values.short === true ? figure.short : figure.full) : Number(values.attempts)
  if (attempts === 0) continue
  const began = performance.now()
  const say = (line: string): void => console.log(`${figure.name}: ${line}`)
  try {
    await figure.run(attempts, say)
    say(`holds (${((performance.now() - began) / 1000).toFixed(0)} s)`)
  } catch (error) {
    say('DOES NOT HOLD')
    console.error(error)
    process.exitCode = 1
  }
}
