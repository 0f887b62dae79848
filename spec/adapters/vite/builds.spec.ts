import { build, type Rollup } from 'vite'
import { expect, test } from 'vitest'
import { heddle } from '../../../src/adapters/vite/index.ts'
import { check } from '../../../src/index.ts'
import { ROOT } from './load.ts'

type Bank = typeof import('../../../fixtures/plugin/bank.ts')

/** Bundles a fixture as a library would be, and runs what comes out. */
async function bundled<M>(file: string, minify: boolean): Promise<M> {
  const built = await build({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    plugins: [heddle()],
    build: { write: false, minify, target: 'es2022', lib: { entry: `${ROOT}/${file}`, formats: ['es'], fileName: 'out' } },
  })
  const [{ output }] = (Array.isArray(built) ? built : [built]) as Rollup.RollupOutput[] as [Rollup.RollupOutput]
  return (await import(/* @vite-ignore */ `data:text/javascript,${encodeURIComponent(output[0].code)}`)) as M
}

test.each([false, true])('a bundle has its choice points too, with the lines of its sources (minified: %s)', async (minify) => {
  const { Account } = await bundled<Bank>('bank.ts', minify)
  const alone = new Account()
  await alone.deposit(2)
  expect(alone).toMatchObject({ balance: 2, history: ['deposit 2'] })
  const { failure } = await check(async () => {
    const account = new Account()
    await Promise.all([account.deposit(1), account.deposit(2)])
    if (account.balance !== 3) throw new Error(`lost update: ${account.balance}`)
  })
  expect(failure?.kind).toBe('error')
  expect(String(failure)).toContain('bank.ts:15 deposit')
  expect(String(failure)).toContain('written from the stale read at bank.ts:11')
})
