import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { decodeToken } from '../../src/explore/token.ts'

const entry = fileURLToPath(new URL('../../dist/index.js', import.meta.url))

function run(endless: string, thread: 'main' | 'worker'): { status: number | null; stderr: string } {
  const program = `
    const { check, pause } = await import(${JSON.stringify(entry)})
    function spin() { for (;;) {} }
    async function microtasks() { for (;;) await null }
    function* generator() { for (;;) {} }
    const body = async () => { await Promise.all([pause('a'), pause('b').then(() => ${endless}())]) }
    await check(${endless === 'generator' ? 'generator' : 'body'}, { name: 'the endless one', watchdog: 500 })
    console.log('not reached')`
  // Beside a worker that has nothing to do, as in a pool.
  const pool = `
    import { Worker } from 'node:worker_threads'
    for (const job of ['setInterval(() => {}, 1000)', ${JSON.stringify(`(async () => {${program}
})()`)}]) new Worker(job, { eval: true })`
  const source = thread === 'main' ? program : pool
  const { status, stderr, stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', source], { encoding: 'utf8' })
  expect(stdout).toBe('')
  return { status, stderr }
}

test.each([
  ['main', 'spin'],
  ['main', 'microtasks'],
  ['main', 'generator'],
  ['worker', 'spin'],
  ['worker', 'microtasks'],
] as const)('a step that never ends ends the process with 2, and says where: %s thread, %s', (thread, endless) => {
  const { status, stderr } = run(endless, thread)
  expect(status).toBe(2)
  expect(stderr).toContain('an endless loop')
  expect(stderr).toContain('the exploration "the endless one"')
  expect(stderr).toContain(`at ${endless} (`)
  const token = /token {3}(h1\.\S+)/.exec(stderr)?.[1]
  const schedule = decodeToken(token as string)
  expect(schedule.unfinished).toBe(true)
  expect(schedule.name).toBe('the endless one')
})
