import { fileURLToPath } from 'node:url'
import { heddle, type HeddleOptions } from '../../../src/adapters/vite/index.ts'
import { parseAst, type Plugin } from 'vite'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { check } from '../../../src/index.ts'
import { type Loaded, ROOT, withPlugin } from './load.ts'

type Bank = typeof import('../../../fixtures/plugin/bank.ts')

let vite: Loaded
beforeAll(async () => {
  vite = await withPlugin()
})
afterAll(() => vite.close())

describe('a class with three plain awaits', () => {
  const twoDeposits = async (): Promise<() => Promise<void>> => {
    const { Account } = await vite.load<Bank>('bank.ts')
    return async () => {
      const account = new Account()
      await Promise.all([account.deposit(1), account.deposit(2)])
      if (account.balance !== 3) throw new Error(`lost update: ${account.balance}`)
    }
  }

  test('shows its lost update, with the lines of its awaits', async () => {
    const report = await check(await twoDeposits())
    expect(report.failure?.kind).toBe('error')
    const words = String(report.failure)
    expect(words).toContain('bank.ts:15 deposit')
    expect(words).toContain('bank.ts:16 deposit')
    expect(words).toContain(
      '`this.balance` was read at bank.ts:7 by Task-1·2, written at bank.ts:11 by Task-1, ' +
        'and written from the stale read at bank.ts:11 by Task-1·2.',
    )
  })
})

describe('which files', () => {
  const OWN = `${ROOT}/src/a.ts`
  const PACKAGE = `${ROOT}/node_modules/pool/index.js`
  const SCOPED = `${ROOT}/node_modules/@a/pool/dist/index.mjs`
  const CODE = 'export const f = async () => { await 1 }'

  async function changed(options: HeddleOptions | undefined, id: string): Promise<boolean> {
    const { plugin, context } = await resolvedPlugin(options)
    const { transform } = plugin as { transform: (this: unknown, code: string, id: string) => { code: string } | null }
    return transform.call(context, CODE, id) !== null
  }

  test.each<[string, HeddleOptions | undefined, string, boolean]>([
    ['all of the project\'s own', undefined, OWN, true],
    ['with a query', undefined, `${OWN}?v=1`, true],
    ['but no text', undefined, `${OWN}?raw`, false],
    ['no style', undefined, `${ROOT}/a.css`, false],
    ['nothing virtual', undefined, '\0virtual.js', false],
    ['no package', undefined, PACKAGE, false],
    ['packages by name', { packages: ['pool'] }, PACKAGE, true],
    ['these and no others', { packages: ['pool'] }, SCOPED, false],
    ['packages with a scope', { packages: ['@a/pool'] }, SCOPED, true],
    ['what is included', { include: ['src/**'] }, OWN, true],
    ['and nothing else', { include: ['lib/**'] }, OWN, false],
    ['packages that are included', { include: ['**/node_modules/pool/**'] }, PACKAGE, true],
    ['but not by a pattern that says nothing of packages', { include: ['**/*.js'] }, PACKAGE, false],
    ['not what is excluded', { exclude: ['src/**'] }, OWN, false],
    ['not this package', undefined, fileURLToPath(new URL('../../../src/asyncio/lock.ts', import.meta.url)), false],
  ])('%s', async (_, options, id, expected) => {
    expect(await changed(options, id)).toBe(expected)
  })

  test('options are checked', () => {
    expect(() => heddle({ packages: 'pool' as unknown as string[] })).toThrow('option packages')
    expect(() => heddle({ accesses: 1 as unknown as boolean })).toThrow('option accesses')
  })

  test('what is no JavaScript is left to others', async () => {
    const { plugin, context } = await resolvedPlugin()
    const { transform } = plugin as { transform: (this: unknown, code: string, id: string) => unknown }
    expect(transform.call(context, 'await {', OWN)).toBeNull()
  })
})

/** The plugin as Vite sets it up, and the part of Vite's context that it uses. */
async function resolvedPlugin(options?: HeddleOptions): Promise<{ plugin: Plugin; context: unknown }> {
  const plugin = heddle(options)
  const { configResolved } = plugin as unknown as { configResolved: (config: { root: string }) => void }
  configResolved({ root: ROOT })
  return { plugin, context: { parse: parseAst, getCombinedSourcemap: () => ({ sources: [], names: [], mappings: '' }) } }
}
