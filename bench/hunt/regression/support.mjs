import { memoryStore } from '../confirm/support.mjs'

/** A promise that the test settles. */
export function deferred() {
  const settle = {}
  settle.promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }))
  return settle
}

/** A store whose answers to `get` can be held back. */
export function heldStore() {
  const held = []
  return {
    ...memoryStore(() => held.shift()),
    /** Holds back the next answer; call what it gives to let it go. */
    hold() {
      const answer = deferred()
      held.push(answer.promise)
      return answer.resolve
    },
  }
}
