import * as fc from 'fast-check'
import { inspect } from 'node:util'
import { parseAst } from 'vite'
import { expect, test } from 'vitest'
import { instrument } from '../src/adapters/vite/instrument.ts'
import { check, type ExploreOptions } from '../src/index.ts'
import { programOf } from './plugin-programs.ts'
import { SEED } from './seed.ts'

const PROGRAMS = 100

const decisions = fc.array(fc.nat({ max: 1000 }), { minLength: 20, maxLength: 300, size: 'max' })

type Program = (log: unknown[]) => Promise<unknown>

function evaluate(code: string): Program {
  return new Function(`${code.replace('export async', 'async')}\nreturn f`)() as Program
}

/** All that a program shows: what it logs, gives and throws. */
async function outcome(code: string): Promise<string> {
  const log: unknown[] = []
  let end: unknown
  try {
    end = await evaluate(code)(log)
  } catch (error) {
    end = error instanceof Error ? `throws ${error.name}` : ['throws', error]
  }
  return inspect([end, log], { depth: 9, maxArrayLength: null })
}

/** Each program outside an exploration, then in one with each of the options. */
async function same(chains: number, inside: readonly ExploreOptions[]): Promise<void> {
  await fc.assert(
    fc.asyncProperty(decisions, async (numbers) => {
      const code = programOf(numbers, chains)
      const made = instrument({ code, file: 'program.js', map: () => null, accesses: true, parse: parseAst })?.code ?? ''
      const given = await outcome(code)
      expect(await outcome(made), code).toBe(given)
      for (const options of inside) {
        let found = ''
        const { failure } = await check(async () => void (found = await outcome(made)), { ...options, schedules: 1 })
        expect(failure?.error, code).toBeUndefined()
        expect(found, code).toBe(given)
      }
    }),
    { numRuns: PROGRAMS, seed: SEED },
  )
}

test('programs give the same with the plugin as without it, outside an exploration and in one', async () => {
  await same(1, [{ strategy: 'fifo' }, { strategy: 'fifo', permute: 'io' }, { strategy: 'random', seed: 1 }])
})

test('with permute io, chains of awaits that begin together meet in JavaScript\'s own order', async () => {
  await same(3, [{ strategy: 'fifo', permute: 'io' }])
})
