import type { Progress } from '../../explore/options.ts'

/**
 * Where the explorations of a run tell how far they are. Tests run in workers, whose output vitest takes over, and which tell
 * reporters of a test when it begins and when it ends: so the reporter provides a directory, in which every exploration
 * that takes its time has a file.
 */
export interface ProgressChannel {
  readonly directory: string
  /** Milliseconds after which an exploration begins to tell. */
  readonly after: number
}

/** Milliseconds between two looks of the reporter's, and two notes of a worker's: writing a file takes its time. */
export const LOOK = 250

declare module 'vitest' {
  interface ProvidedContext {
    /** @internal Of `heddle/vitest/reporter`; without it there is none. */
    heddleProgress: ProgressChannel
  }
}

/** What a file says. */
export interface ProgressNote {
  readonly name: string
  /** How many schedules at most; null: any number. */
  readonly most: number | null
  readonly progress: Progress
}
