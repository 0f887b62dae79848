/** What the parent asks of the process that holds the specs. */
export type Request =
  | { readonly kind: 'survey'; readonly tests: readonly number[] }
  | {
      readonly kind: 'try'
      readonly mutant: string
      /** Numbers of tests, in the order to run them in. */
      readonly tests: readonly number[]
      /** How often the mutant's place may be reached in each, before that counts as an endless loop. */
      readonly hits: readonly number[]
    }

export interface TestFacts {
  readonly passed: boolean
  readonly error?: string
  /** Of the processor. */
  readonly ms: number
  /** The mutants whose places it reaches, and how often. */
  readonly hits: Readonly<Record<string, number>>
}

export type Answer =
  /** What lies in code that runs while modules are loaded is `static`. */
  | { readonly kind: 'ready'; readonly tests: readonly string[]; readonly static: readonly string[] }
  | { readonly kind: 'test'; readonly test: number; readonly facts: TestFacts }
  | { readonly kind: 'surveyed' }
  /** Sent before each test, so that the parent knows which one hangs. */
  | { readonly kind: 'running'; readonly test: number }
  | { readonly kind: 'survived' }
  | { readonly kind: 'killed'; readonly test: number; readonly error: string }
  /** A test fails, but it does so without the mutant too: the process isn't what it was. */
  | { readonly kind: 'spoilt'; readonly test: number }
