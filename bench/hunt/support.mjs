/** Virtual milliseconds within an exploration. */
export const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms))

export function assert(condition, message) {
  if (!condition) throw new Error(message)
}
