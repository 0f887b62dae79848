/**
 * A retry that follows a lost answer runs the effect a second time. The caller cannot tell a lost answer from a lost
 * request; the other side can, if each attempt carries the same key.
 */
import { io } from 'heddle'

function pay(keyOf: (attempt: number) => string) {
  return async () => {
    const charges = new Map<string, number>()
    const charge = io(async (key: string, amount: number) => { charges.set(key, amount) }, { label: 'charge', faults: true })
    for (let attempt = 1; ; attempt++) {
      try {
        await charge(keyOf(attempt), 100)
        break
      } catch (error) {
        if (attempt === 3) throw error
      }
    }
    const total = [...charges.values()].reduce((sum, amount) => sum + amount, 0)
    if (total !== 100) throw new Error(`charged ${total} instead of 100`)
  }
}

export const scenarios = {
  buggy: pay((attempt) => `attempt ${attempt}`),
  repaired: pay(() => 'order 7'),
}
