/** One figure of reliability: a number of attempts, each of which must hold. */
export interface Figure {
  readonly name: string
  /** How many attempts the figure is about, and how many there are in the shortened form. */
  readonly full: number
  readonly short: number
  /** @throws whatever did not hold */
  run(attempts: number, say: (line: string) => void): void | Promise<void>
}

export function grouped(n: number): string {
  return String(Math.round(n)).replaceAll(/\B(?=(\d{3})+$)/g, ',')
}
