type Prepare = (error: Error, frames: readonly unknown[]) => unknown

/** A stack in words. */
export interface Stack {
  /** As the host writes it: what is asked of a stack is asked of this. */
  readonly host: string
  /** As the program does, whose Error.prepareStackTrace may know the lines of its sources. */
  readonly words: string
}

const NONE: Stack = { host: '', words: '' }

/** This function and the one that it calls. */
const OWN_FRAMES = 2

/** How many frames a stack has, and how it is put into words, are the program's to change; within `make` they are as given here. */
function withStacks<T>(depth: number, prepare: Prepare | undefined, make: () => T): T | undefined {
  const { stackTraceLimit } = Error
  const theirs: unknown = Reflect.get(Error, 'prepareStackTrace')
  try {
    // Where they can't be changed they are used as they are.
    Reflect.set(Error, 'stackTraceLimit', depth + OWN_FRAMES)
    if (prepare !== undefined) Reflect.set(Error, 'prepareStackTrace', prepare)
    return make()
  } catch {
    return undefined
  } finally {
    Reflect.set(Error, 'stackTraceLimit', stackTraceLimit)
    if (prepare !== undefined) Reflect.set(Error, 'prepareStackTrace', theirs)
  }
}

/** The stack of now, this deep, put into words only when it is asked for: that is what takes the time. */
export function laterStack(depth: number): () => Stack {
  const theirs: unknown = Reflect.get(Error, 'prepareStackTrace')
  let host: string | undefined
  // It may leave frames out, make no text of them, or throw.
  const prepare = (error: Error, frames: readonly unknown[]): string => {
    host = ['Error', ...frames.map((frame) => `    at ${String(frame)}`)].join('\n')
    try {
      const words: unknown = Reflect.apply(theirs as Prepare, Error, [error, frames])
      if (typeof words === 'string') return words
    } catch {
      // In the host's words, then.
    }
    return host
  }
  const prepared = typeof theirs === 'function' ? prepare : undefined
  const here = withStacks(depth, prepared, () => new Error())
  return () => {
    const words: unknown = withStacks(depth, prepared, () => here?.stack)
    return typeof words === 'string' ? { host: host ?? words, words } : NONE
  }
}

/** The stack of now, this deep. */
export function stackOf(depth: number): Stack {
  return laterStack(depth + 1)()
}

/**
 * A line of a stack that lies in no file: of a function that is built in, or of code made of a text. (With source maps
 * Node calls a function of the program that has no name `<anonymous> (file:1:2)`.)
 */
export const IN_NO_FILE = /<anonymous>(?! \()/
