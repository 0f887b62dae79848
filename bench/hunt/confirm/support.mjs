export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** What a promise comes to within so many milliseconds. */
export const within = (ms, promise) => Promise.race([promise, sleep(ms).then(() => 'nothing')])

/** A store in memory whose answers take their time: `reads` gives the milliseconds of the next one. */
export function slowStore(reads, writes = 0) {
  const map = new Map()
  return {
    async get(key) {
      const value = map.get(key)
      await sleep(reads())
      return value
    },
    async set(key, value) {
      if (writes > 0) await sleep(writes)
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

/** Ends with exit code 0 if the defect shows. */
export function report(shows, line) {
  console.log(line)
  process.exit(shows ? 0 : 1)
}
