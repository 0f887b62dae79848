import type { ExploreOptions } from 'heddle'

/** What a file of `packages/` exports: one package, and what its documentation promises. */
export interface Hunt {
  readonly package: string
  readonly properties: readonly Property[]
}

export interface Property {
  readonly name: string
  /** What the documentation promises; in its own words where a find rests on them. */
  readonly promise: string
  /** The page entry of the find in docs/trophies.md that breaks it. */
  readonly trophy?: string
  /** Who has published what breaks it, or why it does not count. */
  readonly known?: string
  readonly options?: ExploreOptions
  readonly body: () => Promise<void>
}

/** One exploration of one property. */
export interface Row {
  readonly property: string
  readonly permute: 'io' | 'tasks'
  readonly schedules: number
  readonly choicePoints: number
  readonly exhausted: boolean
  readonly trophy: string | null
  readonly known: string | null
  readonly find: Find | null
}

export interface Find {
  readonly kind: string
  readonly message: string
  readonly token: string
  readonly picture: string
  /** A test that forces the schedule. */
  readonly switches: number
}
