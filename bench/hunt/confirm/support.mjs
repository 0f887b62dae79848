export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** What a promise comes to within so many milliseconds. */
export const within = (ms, promise) => Promise.race([promise, sleep(ms).then(() => 'nothing')])

/** A store in memory. `answer` is waited for before each answer to `get`, `write`, if there is one, before each `set`. */
export function memoryStore(answer, write) {
  const map = new Map()
  return {
    async get(key) {
      const value = map.get(key)
      await answer()
      return value
    },
    async set(key, value) {
      if (write !== undefined) await write()
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

/** One whose answers take their time: `reads` gives the milliseconds of the next one. */
export function slowStore(reads, writes = 0) {
  return memoryStore(() => sleep(reads()), writes > 0 ? () => sleep(writes) : undefined)
}

/** Ends with exit code 0 if the defect shows. */
export function report(shows, line) {
  console.log(line)
  process.exit(shows ? 0 : 1)
}
