/**
 * A cache of promises keeps the rejected one as well: after one failure, everybody who asks gets that failure for ever.
 */
import { io } from 'heddle'

function cache(keepsRejections: boolean) {
  return async () => {
    const load = io(async (key: string) => `value of ${key}`, { label: 'load', faults: { rejectBefore: true } })
    const cached = new Map<string, Promise<string>>()
    const get = (key: string): Promise<string> => {
      let value = cached.get(key)
      if (value === undefined) {
        value = load(key)
        cached.set(key, value)
        if (!keepsRejections) value.catch(() => cached.delete(key))
      }
      return value
    }
    await get('a').catch(() => 'a page without it')
    // One call fails in a schedule at most: if it was that one, this one must succeed.
    const again = await get('a')
    if (again !== 'value of a') throw new Error(`got ${again}`)
  }
}

export const scenarios = { buggy: cache(true), repaired: cache(false) }
