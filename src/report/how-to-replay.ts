import { harmless } from './text-width.ts'

/** One line to copy: for a named test the environment variable, which works under every test runner. */
export function howToReplay(token: string, name: string): string {
  if (name === '') return `await replay(body, '${tokenToCopy(token)}')`
  return `HEDDLE_REPLAY=${tokenToCopy(token)} npm test  # this schedule alone in ${harmless(JSON.stringify(name))}`
}

/**
 * A token for a line that somebody pastes into a shell. A failure file may come from anywhere and have anything in a
 * token's place: what no token has is left out.
 */
export function tokenToCopy(token: string): string {
  return token.replaceAll(/[^\w.-]/g, '')
}
