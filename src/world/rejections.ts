type Listener = (reason: unknown) => void
type HostEvent = 'unhandledRejection' | 'rejectionHandled' | 'uncaughtException'

/** The parts of the host that report what nobody has caught: Node's process, or a page. */
interface Reporter {
  process?: {
    listeners(event: HostEvent): Listener[]
    on(event: HostEvent, listener: Listener): unknown
    removeListener(event: HostEvent, listener: Listener): unknown
  }
  addEventListener?(event: string, listener: (e: PageEvent) => void): void
  removeEventListener?(event: string, listener: (e: never) => void): void
}

interface PageEvent {
  readonly reason?: unknown
  readonly error?: unknown
  preventDefault(): void
}

/**
 * Takes over the host's reports of rejections and exceptions that nobody catches, so that one in a schedule is a failure
 * of that schedule and not the end of the process. `end` puts the host's own listeners back.
 */
export class RejectionWatch {
  /** Whom to tell: the schedule that is running. */
  listener: { rejected(reason: unknown): void; crashed(error: unknown): void } | null = null
  readonly #undo: (() => void)[]

  constructor() {
    const { process, addEventListener } = globalThis as unknown as Reporter
    const rejected = (reason: unknown): void => this.listener?.rejected(reason)
    const crashed = (error: unknown): void => this.listener?.crashed(error)
    if (process?.on !== undefined) {
      this.#undo = [
        takeOver(process, 'unhandledRejection', rejected),
        // Without a listener the host warns of each that is caught later after all: it is a failure already.
        takeOver(process, 'rejectionHandled', () => {}),
        takeOver(process, 'uncaughtException', crashed),
      ]
    } else if (addEventListener !== undefined) {
      this.#undo = [
        takeOverPage('unhandledrejection', (e) => rejected(e.reason)),
        takeOverPage('error', (e) => crashed(e.error)),
      ]
    } else this.#undo = []
  }

  end(): void {
    for (const undo of this.#undo) undo()
  }
}

function takeOver(process: NonNullable<Reporter['process']>, event: HostEvent, listener: Listener): () => void {
  const before = [...process.listeners(event)]
  for (const l of before) process.removeListener(event, l)
  process.on(event, listener)
  return () => {
    process.removeListener(event, listener)
    for (const l of before) process.on(event, l)
  }
}

function takeOverPage(event: string, tell: (e: PageEvent) => void): () => void {
  const page = globalThis as unknown as Reporter
  const listener = (e: PageEvent): void => {
    e.preventDefault()
    tell(e)
  }
  page.addEventListener?.(event, listener)
  return () => page.removeEventListener?.(event, listener)
}
