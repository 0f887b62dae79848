// handleError() throws while the pool waits for the next item: nobody listens to the failed task, and the process ends.
import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { PromisePool } from '@supercharge/promise-pool'
import { report, sleep } from './support.mjs'

async function* items() {
  yield 'a'
  await sleep(50)
  yield 'b'
}

if (process.argv[2] === 'child') {
  try {
    await PromisePool.withConcurrency(2).for(items()).handleError((error) => {
      throw error
    }).process(async (item) => {
      await sleep(10)
      if (item === 'a') throw new Error('bad item')
    })
  } catch (error) {
    console.log(`caught: ${error.message}`)
  }
} else {
  const { status, stdout, stderr } = spawnSync(process.execPath, [fileURLToPath(import.meta.url), 'child'], { encoding: 'utf8' })
  const died = status !== 0 && /bad item/.test(stderr)
  report(died && stdout === '', `the process ended with ${status}, ${stdout === '' ? 'and the catch around process() was never reached' : stdout}`)
}
