import type { Mutant } from './mutants.ts'

/** Changes that no program can tell from the original, and why. */
interface Equivalent {
  readonly file: string
  readonly original: string
  readonly replacement: string
  readonly reason: string
}

const EQUIVALENT: readonly Equivalent[] = []

/** Why no program can tell this mutant from the original, if that is known. */
export function equivalent(mutant: Mutant): string | null {
  const found = EQUIVALENT.find((e) => e.file === mutant.file && e.original === mutant.original && e.replacement === mutant.replacement)
  return found?.reason ?? null
}
