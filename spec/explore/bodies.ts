import { gather, sleep } from '../../src/index.ts'

/** Two tasks that increment a number, a wait between reading and writing: 4 of its 6 schedules fail. */
export const two = () =>
  function* () {
    let n = 0
    function* increment() {
      const before = n
      yield* sleep(0)
      n = before + 1
    }
    yield* gather([increment(), increment()])
    if (n !== 2) throw new Error('lost update')
  }

/** Three tasks of two steps each; nothing can go wrong. */
export const fine = function* () {
  yield* gather([sleep(0), sleep(0), sleep(0)])
}

/** Far too many schedules to run them all. */
export const endless = function* () {
  yield* gather(Array.from({ length: 8 }, () => (function* () {
    for (let i = 0; i < 8; i++) yield* sleep(0)
  })()))
}
