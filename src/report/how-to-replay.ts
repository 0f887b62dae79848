/** One line to copy: for a named test the environment variable, which works under every test runner. */
export function howToReplay(token: string, name: string): string {
  if (name === '') return `await replay(body, '${token}')`
  return `HEDDLE_REPLAY=${token} npm test  # this schedule alone in ${JSON.stringify(name)}`
}
