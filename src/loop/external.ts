import type { Option } from './runnable.ts'

/** An operation of the outside world that is under way; the loop completes it when the chooser says so. */
export interface External extends Option {
  readonly kind: 'external'
  id: number
  since: number
  /** It waits for nothing outside: with `awaits: 'prompt'` no time passes before it has completed. */
  readonly prompt?: boolean
  /** Settles it, which queues whoever waits. */
  complete(): void
}
