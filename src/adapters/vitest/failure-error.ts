import { InterleavingError, type Failure, type Report } from '../../explore/report.ts'

/** What vitest makes a diff from. */
const DIFF_FIELDS = ['expected', 'actual', 'showDiff', 'operator', 'diff'] as const

/** Frames in here are ours, as URLs or as paths: they say nothing about the user's code. */
const own = new URL('../../', import.meta.url)
const OURS = [own.href, decodeURI(own.pathname), decodeURI(own.pathname).slice(1).replaceAll('/', '\\')]
/** Nor do vitest's own. */
const VITEST = /[\\/]node_modules[\\/](@vitest[\\/]|vitest[\\/])/

/**
 * The error of a failing exploration as vitest shows it best: the picture is its message, the stack is that of the body's
 * own error, so that the code frame is at the user's line, and what that error expected makes the diff. Where nobody
 * threw (a deadlock, a leak), the test itself is the place. The cause would be printed a second time, so that it is left out.
 */
export function failureError(report: Report, failure: Failure, defined: Error): InterleavingError {
  const error = new InterleavingError(report, failure)
  const { cause } = error
  if (typeof cause === 'object' && cause !== null) {
    for (const field of DIFF_FIELDS) {
      if (!(field in cause)) continue
      const value: unknown = Reflect.get(cause, field)
      Object.defineProperty(error, field, { value, configurable: true, writable: true, enumerable: true })
    }
  }
  error.message += othersOf(report, failure)
  Reflect.deleteProperty(error, 'cause')
  // Reporters write an error's own fields; a report in it would be many pages.
  Object.defineProperty(error, 'report', { value: report, enumerable: false })
  const frames = framesOf(cause)
  return frames === '' ? atTest(error, defined) : placed(error, frames)
}

/** With `bail: false`: a line and a token for each further failure. */
function othersOf(report: Report, shown: Failure): string {
  const others = report.distinct.filter(({ failure }) => failure !== shown)
  if (others.length === 0) return ''
  const lines = others.map(({ failure, count }) => {
    const { name, message } = failure.file.error
    const headline = `${name}: ${message}`.split('\n')[0] as string
    return `  in ${count} ${count === 1 ? 'schedule' : 'schedules'}: ${headline}\n    token   ${failure.token}`
  })
  return ['', '', '  also found:', ...lines].join('\n')
}

/** An error that is told at the place of the test. */
export function atTest<E extends Error>(error: E, defined: Error): E {
  return placed(error, framesOf(defined).split('\n')[0] as string)
}

function placed<E extends Error>(error: E, frames: string): E {
  error.stack = `${error.name}: ${error.message}\n${frames}`
  return error
}

/** The user's frames. */
function framesOf(error: unknown): string {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return ''
  const frames = error.stack.split('\n').filter((line) => /^\s+at .*:\d+:\d+\)?$/.test(line))
  const isOurs = (line: string): boolean => OURS.some((prefix) => line.includes(prefix))
  return frames.filter((line) => !line.includes('node:') && !isOurs(line) && !VITEST.test(line)).join('\n')
}
