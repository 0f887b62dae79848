import { InterleavingError, type Failure, type Report } from '../../explore/report.ts'

/** What vitest makes a diff from. */
const DIFF_FIELDS = ['expected', 'actual', 'showDiff', 'operator', 'diff'] as const

/**
 * The error of a failing exploration as vitest shows it best: the picture is its message, the stack is that of the body's
 * own error, so that the code frame is at the user's line, and what that error expected makes the diff. The cause would
 * be printed below it a second time, so that it is left out.
 */
export function failureError(report: Report, failure: Failure): InterleavingError {
  const error = new InterleavingError(report, failure)
  const { cause } = error
  if (typeof cause === 'object' && cause !== null) {
    for (const field of DIFF_FIELDS) {
      const value: unknown = Reflect.get(cause, field)
      if (field in cause) Object.defineProperty(error, field, { value, configurable: true, writable: true, enumerable: true })
    }
  }
  const frames = framesOf(cause)
  if (frames !== '') {
    error.stack = `${error.name}: ${error.message}\n${frames}`
    Reflect.deleteProperty(error, 'cause')
  }
  // Reporters write an error's own fields; a report in it would be many pages.
  Object.defineProperty(error, 'report', { value: report, enumerable: false })
  return error
}

function framesOf(error: unknown): string {
  if (!(error instanceof Error) || typeof error.stack !== 'string') return ''
  return error.stack
    .split('\n')
    .filter((line) => /^\s+at /.test(line))
    .join('\n')
}
