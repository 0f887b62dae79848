import { describe } from 'vitest'
import { LifoQueue } from '../../src/index.ts'
import { both, on } from './both.ts'

describe('LifoQueue', () => {
  both('R264 the newest item comes first', [3, 4, 2, 1], function* (w) {
    const q = new LifoQueue<number>()
    for (const x of [1, 2, 3]) q.putNowait(x)
    w.log.push(yield* on(q.get()))
    q.putNowait(4)
    for (let i = 0; i < 3; i++) w.log.push(yield* on(q.get()))
  })
})
