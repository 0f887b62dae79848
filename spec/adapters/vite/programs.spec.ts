import { inspect } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check, type ExploreOptions } from '../../../src/index.ts'
import { type Loaded, withPlugin } from './load.ts'

/* Programs that are hard to transform: with the plugin each gives what it gives without it. */

type Program = () => Promise<unknown>
type Programs = Record<string, Program>

const groups: readonly [string, Programs][] = await Promise.all(
  ['classes', 'expressions', 'flow', 'functions', 'iteration', 'text'].map(
    async (name): Promise<[string, Programs]> => [name, (await import(`../../../fixtures/plugin/programs/${name}.js`)) as Programs],
  ),
)

let vite: Loaded
beforeAll(async () => {
  vite = await withPlugin()
})
afterAll(() => vite.close())

/** What it gives or throws, down to the names of functions. */
async function outcome(program: Program): Promise<string> {
  try {
    return inspect(await program(), { depth: 12 })
  } catch (error) {
    return `throws ${inspect(error, { depth: 0 }).split('\n')[0]}`
  }
}

const inside: readonly ExploreOptions[] = [
  { strategy: 'fifo', schedules: 1 },
  { strategy: 'fifo', schedules: 1, permute: 'io' },
  { strategy: 'random', schedules: 3, seed: 1 },
]

describe.each(groups)('%s', (group, plain) => {
  test.each(Object.entries(plain))('%s', async (name, written) => {
    const given = await outcome(written)
    const program = (await vite.load<Programs>(`programs/${group}.js`))[name] as Program
    expect(String(program)).toContain('__heddle_')
    expect(await outcome(program)).toBe(given)
    for (const options of inside) {
      let found = ''
      const { failure } = await check(async () => void (found = await outcome(program)), { ...options, leaks: 'ignore' })
      expect(failure?.error).toBeUndefined()
      expect(found).toBe(given)
    }
  })
})
