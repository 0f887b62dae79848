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

/**
 * A line of a stack that lies in no file: of a function that is built in, or of code made of a text. (With source maps
 * Node calls a function of the program that has no name `<anonymous> (file:1:2)`.)
 */
export const IN_NO_FILE = /<anonymous>(?! \()/
