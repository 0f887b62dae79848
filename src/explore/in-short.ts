const LONGEST = 80

/** A value in a few words. */
export function inShort(value: unknown): string {
  const text = words(value).replaceAll(/\s+/g, ' ')
  return text.length > LONGEST ? `${text.slice(0, LONGEST - 1)}…` : text
}

function words(value: unknown): string {
  try {
    if (typeof value === 'string') return JSON.stringify(value)
    if (value instanceof Map || value instanceof Set) return `${value.constructor.name}(${value.size}) ${JSON.stringify([...value])}`
    if (value instanceof Error) return `${value.name}: ${value.message}`
    if (typeof value === 'function') return `function ${value.name}`
    return typeof value === 'object' ? (JSON.stringify(value) ?? '{}') : String(value)
  } catch {
    return Object.prototype.toString.call(value)
  }
}
