import type { Option } from './runnable.ts'

/** An operation of the outside world that is under way; the loop completes it when the chooser says so. */
export interface External extends Option {
  readonly kind: 'external'
  id: number
  since: number
  /** Settles it, which queues whoever waits. */
  complete(): void
}
