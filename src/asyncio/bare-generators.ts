import { isAskingForThen } from './awaitable.ts'

/** What every generator object inherits from. */
const generatorPrototype = (Object.getPrototypeOf(function* () {}) as { prototype: object }).prototype

let watching = 0
let told = false

/**
 * While native code runs: says when it awaits a bare generator. JavaScript takes a generator for a plain value, so that the
 * `await` compiles, passes at once, and runs nothing of it. What it returns ends the watch.
 */
export function watchBareGenerators(): () => void {
  if (watching++ === 0) {
    told = false
    // Where it is frozen, generators are plain values without a word.
    Reflect.defineProperty(generatorPrototype, 'then', { configurable: true, get: noteAwait })
  }
  let ended = false
  return () => {
    if (ended) return
    ended = true
    if (--watching === 0) Reflect.deleteProperty(generatorPrototype, 'then')
  }
}

/** `await` looks for a `then`. There is none: the getter only notices the question. */
function noteAwait(): undefined {
  if (told || isAskingForThen()) return undefined
  told = true
  console.warn(
    'heddle: a generator was awaited by native code, which never started it. Make it a task with createTask(), give it to ' +
      'gather(), or use yield* in a generator.',
  )
  return undefined
}
