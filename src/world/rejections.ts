type Listener = (reason: unknown) => void

/** The parts of the host that report a promise rejected with nobody to catch it: Node's process, or a page. */
interface Host {
  process?: {
    listeners(event: 'unhandledRejection'): Listener[]
    on(event: 'unhandledRejection', listener: Listener): unknown
    removeListener(event: 'unhandledRejection', listener: Listener): unknown
  }
  addEventListener?(event: 'unhandledrejection', listener: (e: { reason: unknown; preventDefault(): void }) => void): void
  removeEventListener?(event: 'unhandledrejection', listener: (e: never) => void): void
}

/**
 * Takes over the host's reports of unhandled rejections, so that one in a schedule is a failure of that schedule
 * and not the end of the process. `end` puts the host's own listeners back.
 */
export class RejectionWatch {
  /** Whom to tell: the schedule that is running. */
  listener: Listener = () => {}
  readonly end: () => void = takeOver((reason) => this.listener(reason))
}

function takeOver(listener: Listener): () => void {
  const host = globalThis as unknown as Host
  if (host.process?.on !== undefined) {
    const process = host.process
    const before = [...process.listeners('unhandledRejection')]
    for (const l of before) process.removeListener('unhandledRejection', l)
    process.on('unhandledRejection', listener)
    return () => {
      process.removeListener('unhandledRejection', listener)
      for (const l of before) process.on('unhandledRejection', l)
    }
  }
  if (host.addEventListener === undefined) return () => {}
  const onPage = (e: { reason: unknown; preventDefault(): void }): void => {
    e.preventDefault()
    listener(e.reason)
  }
  host.addEventListener('unhandledrejection', onPage)
  return () => host.removeEventListener?.('unhandledrejection', onPage)
}
