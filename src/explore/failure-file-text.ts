import type { FailureFile } from './failure-file.ts'

/** Fields whose elements get a line each, so that a review shows which steps have changed. */
const LISTS = new Set(['steps', 'values', 'wakes', 'waits', 'timeouts', 'frames'])
/** Fields that are written field by field. */
const OBJECTS = new Set(['failing', 'passing'])

/**
 * A failure as JSON, to be kept under version control: the same text for the same failure, a line a step.
 *
 * @example
 * ```ts
 * await writeFile('failure.json', failureFileText(failure.file))
 * ```
 */
export function failureFileText(file: FailureFile): string {
  return `${object({ ...file }, '')}\n`
}

function object(record: Record<string, unknown>, indent: string): string {
  const inner = `${indent}  `
  const fields = Object.entries(record).filter(([, value]) => value !== undefined)
  return `{\n${fields.map(([key, value]) => `${inner}${JSON.stringify(key)}: ${field(key, value, inner)}`).join(',\n')}\n${indent}}`
}

function field(key: string, value: unknown, indent: string): string {
  if (LISTS.has(key) && Array.isArray(value) && value.length > 0) {
    return `[\n${value.map((v) => `${indent}  ${JSON.stringify(v)}`).join(',\n')}\n${indent}]`
  }
  if (OBJECTS.has(key)) return object({ ...(value as object) }, indent)
  return JSON.stringify(value)
}
