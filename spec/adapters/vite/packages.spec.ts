import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../../..', import.meta.url))

interface Results {
  readonly success: boolean
  readonly testResults: readonly { readonly name: string; readonly status: string; readonly message: string }[]
}

/*
 * The examples in a vitest of their own, with the plugin as users have it: each finds its package's race at one version, and
 * at the next one nothing.
 */
test('four published packages and an untouched class: the race is found where it is, and only there', async () => {
  const args = ['node_modules/vitest/vitest.mjs', 'run', '--config', 'examples/plugin/vitest.config.ts', '--reporter', 'json']
  const environment = { ...process.env, CI: '1' }
  const run = await promisify(execFile)(process.execPath, args, { cwd: root, env: environment, maxBuffer: 1 << 26 }).catch(
    (error: { stdout: string }) => error,
  )
  const { success, testResults } = JSON.parse(run.stdout.slice(run.stdout.indexOf('{'))) as Results
  expect(testResults.map((r) => `${r.name.split('/').at(-1)}: ${r.status} ${r.message}`).toSorted()).toEqual([
    'bank.test.ts: passed ',
    'lru-cache.test.ts: passed ',
    'p-map.test.ts: passed ',
    'p-memoize.test.ts: passed ',
    'p-queue.test.ts: passed ',
  ])
  expect(success).toBe(true)
})
