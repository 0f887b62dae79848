/** `node kill-worker.js ROOT FIRST`: keeps one failure after the other, and says so once it is kept, until it is killed. */
import { writeSync } from 'node:fs'
import { checkSync, fileCorpus, gather, shared } from '../../src/index.ts'

const [root = '.', first = '0'] = process.argv.slice(2)
const { failure } = checkSync(function* () {
  const cell = shared(0)
  const add = function* () {
    const n = yield* cell.read()
    yield* cell.write(n + 1)
  }
  yield* gather([add(), add()])
  if (cell.value !== 2) throw new Error('lost')
})
if (failure === undefined) throw new Error('there is no failure to keep')
const store = fileCorpus('.heddle', { root })
// Large enough that a file takes more than one write of the system's.
const message = 'x'.repeat(200_000)
for (let n = Number(first); ; n++) {
  const id = store.save({ ...failure.file, name: `test ${n}`, error: { name: 'Error', message } })
  writeSync(1, `${n} ${id}\n`)
}
