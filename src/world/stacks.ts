type Prepare = (error: Error, frames: readonly unknown[]) => unknown

/** This function and the one that it calls. */
const OWN_FRAMES = 2

/** How many frames a stack has, and how it is put into words, are the program's to change; here both are as we need them. */
function withStacks<T>(depth: number, make: () => T): T | undefined {
  const limit = Error.stackTraceLimit
  const theirs: unknown = Reflect.get(Error, 'prepareStackTrace')
  try {
    // Where they can't be changed they are used as they are.
    Reflect.set(Error, 'stackTraceLimit', depth + OWN_FRAMES)
    if (typeof theirs === 'function') Reflect.set(Error, 'prepareStackTrace', inLines(theirs as Prepare))
    return make()
  } catch {
    return undefined
  } finally {
    Reflect.set(Error, 'stackTraceLimit', limit)
    if (typeof theirs === 'function') Reflect.set(Error, 'prepareStackTrace', theirs)
  }
}

/** The program's own lines, which may be those of its sources; the host's, where it makes no text of a stack, or throws. */
function inLines(theirs: Prepare): Prepare {
  return (error, frames) => {
    try {
      const stack = theirs.call(Error, error, frames)
      if (typeof stack === 'string') return stack
    } catch {
      // As the host has them.
    }
    return ['', ...frames.map((frame) => `    at ${String(frame)}`)].join('\n')
  }
}

function wordsOf({ stack }: Error): string {
  return typeof stack === 'string' ? stack : ''
}

/** Makes a stack that is this deep. */
export function stackOf(message: string, depth: number): string {
  return withStacks(depth, () => wordsOf(new Error(message))) ?? ''
}

/** The stack of now, this deep, put into words only when it is asked for: that is what takes the time. */
export function laterStack(depth: number): () => string {
  const here = withStacks(depth, () => new Error())
  return () => (here === undefined ? '' : (withStacks(0, () => wordsOf(here)) ?? ''))
}

/**
 * A line of a stack that lies in no file: of a function that is built in, or of code made of a text. (With source maps
 * Node calls a function of the program that has no name `<anonymous> (file:1:2)`.)
 */
export const IN_NO_FILE = /<anonymous>(?! \()/
