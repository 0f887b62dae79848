export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

/** What a promise comes to within so many milliseconds. */
export const within = (ms, promise) => Promise.race([promise, sleep(ms).then(() => 'nothing')])

/** Ends with exit code 0 if the defect shows. */
export function report(shows, line) {
  console.log(line)
  process.exit(shows ? 0 : 1)
}
