/** The command cannot do what it was asked to, and whoever asked can mend that: a line, exit code 2, no stack. */
export class Misuse extends Error {
  override readonly name = 'Misuse'
}

/** Exit codes of every command. */
export const NOTHING_FOUND = 0
export const FOUND = 1
export const MISUSE = 2
