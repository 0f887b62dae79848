import { spawnSync } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { fileURLToPath } from 'node:url'
import type { Figure } from './figure.ts'

/** From where the soak is compiled to. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/**
 * The property tests, which have a fixed seed elsewhere, under fresh ones. There is no shortened form: what fails for
 * nobody but the seed must not refuse a change.
 */
export const properties: Figure = {
  name: 'properties',
  full: 5,
  short: 0,
  run(attempts, say) {
    for (let i = 0; i < attempts; i++) {
      const seed = String(randomInt(2 ** 31))
      const { status, stdout, stderr } = spawnSync('npx', ['vitest', 'run', 'properties', '--testTimeout', '600000', '--reporter', 'dot'], {
        cwd: ROOT,
        encoding: 'utf8',
        env: { ...process.env, HEDDLE_PROPERTY_SEED: seed, NO_COLOR: '1' },
      })
      if (status !== 0) throw new Error(`HEDDLE_PROPERTY_SEED=${seed} npx vitest run properties\n${stdout}${stderr}`)
      say(`seed ${seed}: ${/Tests +(.*)/.exec(stdout)?.[1] ?? stdout}`)
    }
  },
}
