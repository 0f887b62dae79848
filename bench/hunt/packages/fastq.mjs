import { pause } from 'heddle'
import fastq from 'fastq'
import { assert } from '../support.mjs'

export default {
  package: 'fastq',
  properties: [
    {
      name: 'never more than the concurrency at once; drained() when all are processed',
      promise: 'The returned `Promise` will be resolved when all tasks in the queue have been processed by a worker.',
      body: async () => {
        let running = 0
        let left = 4
        const queue = fastq.promise(async () => {
          assert(++running <= 2, `${running} at once`)
          await pause('job')
          running--
          left--
        }, 2)
        const push = async () => {
          await pause('asked')
          void queue.push(1)
        }
        await Promise.all([push(), push(), push(), push()])
        await Promise.all([queue.drained(), queue.drained()])
        assert(left === 0, `${left} left`)
      },
    },
    {
      name: 'abort() rejects what waits and frees nothing that runs',
      promise: 'abort: Rejects all tasks in the queue',
      body: async () => {
        let running = 0
        const queue = fastq.promise(async () => {
          assert(++running <= 1, `${running} at once`)
          await pause('job')
          running--
        }, 1)
        const outcomes = []
        const push = async () => {
          await pause('asked')
          await queue.push(1).then(() => outcomes.push('ran'), () => outcomes.push('aborted'))
        }
        const pushes = Promise.all([push(), push(), push()])
        await pause('abort')
        queue.abort()
        await pushes
        assert(outcomes.length === 3 && queue.running() === 0, `${outcomes}, ${queue.running()} running`)
      },
    },
    {
      name: 'pause() and resume() at any time lose nothing',
      promise: 'pause: Pause the processing of tasks. resume: Resume the processing of tasks.',
      body: async () => {
        let running = 0
        const queue = fastq.promise(async () => {
          assert(++running <= 1, `${running} at once`)
          await pause('job')
          running--
        }, 1)
        const manager = async () => {
          await pause('pause')
          queue.pause()
          await pause('resume')
          queue.resume()
        }
        await Promise.all([queue.push(1), queue.push(2), queue.push(3), manager()])
        await queue.drained()
        assert(queue.idle(), 'not idle')
      },
    },
  ],
}
