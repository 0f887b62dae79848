/**
 * Whether `a < b` as Python has it: numbers by size, strings by their characters, arrays as tuples, element by
 * element, the first pair that differs deciding. Objects with a primitive `valueOf` (dates) count as that.
 *
 * @throws TypeError for what has no order: objects, null, a number against a string
 */
export function lessThan(a: unknown, b: unknown): boolean {
  if (Array.isArray(a) && Array.isArray(b)) return listLessThan(a, b)
  const x = ranked(a)
  const y = ranked(b)
  if (typeof x === 'string' && typeof y === 'string') return x < y
  if (isNumeric(x) && isNumeric(y)) return x < y
  throw new TypeError(`'<' not supported between ${named(a)} and ${named(b)}: give the queue a \`compare\``)
}

function listLessThan(a: readonly unknown[], b: readonly unknown[]): boolean {
  const shorter = Math.min(a.length, b.length)
  for (let i = 0; i < shorter; i++) if (!equal(a[i], b[i])) return lessThan(a[i], b[i])
  return a.length < b.length
}

function equal(a: unknown, b: unknown): boolean {
  if (Object.is(a, b)) return true
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((x: unknown, i) => equal(x, b[i]))
  }
  const x = ranked(a)
  const y = ranked(b)
  // 1 and 1n and true are equal in Python, and have an order among themselves here.
  if (isNumeric(x) && isNumeric(y)) return !(x < y) && !(y < x) && !Number.isNaN(x) && !Number.isNaN(y)
  return x === y
}

function ranked(x: unknown): unknown {
  if (typeof x === 'boolean') return Number(x)
  return typeof x === 'object' && x !== null && typeof x.valueOf === 'function' ? (x.valueOf() as unknown) : x
}

function isNumeric(x: unknown): x is number | bigint {
  return typeof x === 'number' || typeof x === 'bigint'
}

function named(x: unknown): string {
  if (x === null || x === undefined) return String(x)
  return typeof x === 'object' ? (x.constructor?.name ?? 'an object') : typeof x
}
