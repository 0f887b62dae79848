/** Pearson's statistic for counts against probabilities that sum to 1. */
export function chiSquare(counts: ReadonlyMap<string, number>, probabilities: ReadonlyMap<string, number>): number {
  let n = 0
  for (const [value, count] of counts) {
    if (!probabilities.has(value)) return Number.POSITIVE_INFINITY
    n += count
  }
  let sum = 0
  for (const [value, p] of probabilities) sum += ((counts.get(value) ?? 0) - n * p) ** 2 / (n * p)
  return sum
}

/** What Pearson's statistic exceeds with a probability of one in a million (Wilson and Hilferty's approximation). */
export function oneInAMillion(categories: number): number {
  const df = categories - 1
  const z = 4.7534
  return df * (1 - 2 / (9 * df) + z * Math.sqrt(2 / (9 * df))) ** 3
}

/** How far from n p the number of hits in n trials is with a probability of less than one in a million: 5 sigma. */
export function fiveSigma(n: number, p: number): number {
  return 5 * Math.sqrt(n * p * (1 - p))
}
