import { short } from './scenarios.ts'
import type { Target } from './messages.ts'
import { nameOf } from './join.ts'

/** A scenario's name among all tests: it keys its seed and its tokens. */
export function identityOf({ file, scenario }: Target): string {
  return nameOf({ file: short(file), scenario })
}
