/** A promise that the test settles. */
export function deferred() {
  const settle = {}
  settle.promise = new Promise((resolve, reject) => Object.assign(settle, { resolve, reject }))
  return settle
}

/** A store whose answers to `get` can be held back. */
export function heldStore() {
  const map = new Map()
  const held = []
  return {
    /** Holds back the next answer; call what it gives to let it go. */
    hold() {
      const answer = deferred()
      held.push(answer.promise)
      return answer.resolve
    },
    async get(key) {
      const value = map.get(key)
      await held.shift()
      return value
    },
    async set(key, value) {
      map.set(key, value)
      return true
    },
    async delete(key) {
      return map.delete(key)
    },
    async clear() {
      map.clear()
    },
    async has(key) {
      return map.has(key)
    },
  }
}
