import { expect } from 'vitest'

/** What the comment of an example says of a line. */
export function same(actual: unknown, said: unknown): void {
  expect(actual).toEqual(said)
}
