import fc, { assert as wholeAssert, check as wholeCheck } from 'fast-check'

/** A tenth of a property's runs, and no shrinking: here it only matters whether it fails. */
function shorter<P extends { numRuns?: number } | undefined>(parameters: P): object {
  return { ...parameters, numRuns: Math.max(5, Math.ceil((parameters?.numRuns ?? 100) / 10)), endOnFailure: true }
}

const assert: typeof wholeAssert = (property, parameters) => wholeAssert(property, shorter(parameters)) as never
const check: typeof wholeCheck = (property, parameters) => wholeCheck(property, shorter(parameters)) as never

export * from 'fast-check'
export { assert, check }
export default { ...fc, assert, check }
