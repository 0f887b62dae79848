/**
 * Makes a stack that is this deep. A program's own Error.prepareStackTrace may throw, and the limit must not stay
 * changed; then there is no stack.
 */
export function stackOf(message: string, depth: number): string {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = depth
  try {
    const { stack } = new Error(message)
    return typeof stack === 'string' ? stack : ''
  } catch {
    return ''
  } finally {
    Error.stackTraceLimit = limit
  }
}

/** The stack of now, this deep, put into words only when it is asked for: that is what takes the time. */
export function laterStack(depth: number): () => string {
  const limit = Error.stackTraceLimit
  Error.stackTraceLimit = depth
  const here = new Error()
  Error.stackTraceLimit = limit
  return () => {
    try {
      return typeof here.stack === 'string' ? here.stack : ''
    } catch {
      // A program's own Error.prepareStackTrace may throw.
      return ''
    }
  }
}
