import type { RunnerTask, RunnerTaskEventPack, RunnerTaskResultPack, RunnerTestFile } from 'vitest'

type Send = (packs: RunnerTaskResultPack[], events: RunnerTaskEventPack[]) => Promise<void>

/** What is known of one file: where its stream of events is, and what of it has to wait. */
interface Stream {
  readonly tasks: ReadonlyMap<string, RunnerTask>
  /** Events of its own run that wait for its tests' last word. */
  events: RunnerTaskEventPack[]
  touched: Set<string>
  /** How often the file has ended: what comes after the first time is of the explorations, and nobody's business. */
  ended: number
  released: boolean
}

/**
 * Stands between vitest's runner and its reporters. A file's results are told when its explorations are over, once, and as
 * they are then; the hundred runs of each test in between are told to nobody.
 */
export class HeldUpdates {
  readonly #send: Send
  readonly #streams: Stream[] = []
  readonly #streamOf = new Map<string, Stream>()

  constructor(send: Send) {
    this.#send = send
  }

  hold(file: RunnerTestFile): void {
    const tasks = new Map<string, RunnerTask>()
    collect(file, tasks)
    const stream: Stream = { tasks, events: [], touched: new Set(), ended: 0, released: false }
    this.#streams.push(stream)
    for (const id of tasks.keys()) this.#streamOf.set(id, stream)
  }

  /** What vitest calls with each batch. */
  take(packs: RunnerTaskResultPack[], events: RunnerTaskEventPack[]): Promise<void> {
    const now: RunnerTaskEventPack[] = []
    const ids = new Set<string>()
    for (const event of events) {
      const stream = this.#streamOf.get(event[0])
      if (stream === undefined || stream.released) now.push(event)
      if (stream === undefined) continue
      const isFirst = stream.ended === 0
      if (endsFile(event, stream)) stream.ended++
      if (!isFirst) {
        if (stream.released) now.pop()
        continue
      }
      if (stream.released) ids.add(event[0])
      else {
        stream.events.push(event)
        stream.touched.add(event[0])
      }
    }
    for (const [id] of packs) {
      const stream = this.#streamOf.get(id)
      if (stream === undefined || stream.released) ids.add(id)
      else stream.touched.add(id)
    }
    return this.#tell(ids, now, packs)
  }

  /** The results of the file are what they will be. */
  release(file: RunnerTestFile): Promise<void> {
    const stream = this.#streamOf.get(file.id)
    if (stream === undefined) return Promise.resolve()
    stream.released = true
    const { events, touched } = stream
    stream.events = []
    return this.#tell(touched, events, [])
  }

  #tell(ids: ReadonlySet<string>, events: RunnerTaskEventPack[], others: readonly RunnerTaskResultPack[]): Promise<void> {
    const packs: RunnerTaskResultPack[] = []
    for (const id of ids) {
      const task = this.#streamOf.get(id)?.tasks.get(id)
      const other = others.find((pack) => pack[0] === id)
      if (task !== undefined) packs.push([id, task.result, task.meta])
      else if (other !== undefined) packs.push(other)
    }
    return packs.length === 0 && events.length === 0 ? Promise.resolve() : this.#send(packs, events)
  }
}

function collect(task: RunnerTask, into: Map<string, RunnerTask>): void {
  into.set(task.id, task)
  if (task.type === 'suite') for (const child of task.tasks) collect(child, into)
}

/** A file is a suite whose end comes last of all. */
function endsFile([id, event]: RunnerTaskEventPack, { tasks }: Stream): boolean {
  const task = tasks.get(id)
  return task !== undefined && task.file.id === id && (event === 'suite-finished' || event === 'suite-failed-early')
}
