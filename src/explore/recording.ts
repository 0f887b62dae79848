import { BARE_YIELD } from '../asyncio/awaitable.ts'
import { ownWaits } from '../asyncio/deadlock.ts'
import type { EventLoop } from '../asyncio/event-loop.ts'
import { Task } from '../asyncio/task.ts'
import type { RunRecorder } from '../asyncio/task-register.ts'
import { YieldOnce } from '../asyncio/yield-once.ts'
import type { ChoicePoint, Chooser, Observer } from '../loop/chooser.ts'
import type { Access, Option } from '../loop/runnable.ts'
import type { PlacedAccess } from '../world/instrumented/accesses.ts'
import { codeSite } from './code-site.ts'
import type { CodePlace, TimeoutRecord, ValueRecord, WaitRecord, WakeRecord } from './failure-file.ts'
import { inShort } from './in-short.ts'
import { PromiseWaits } from './promise-waits.ts'
import type { AccessRecord } from './stale-write.ts'
import { Tracer } from './trace.ts'
import { describeWaits, isNative } from './wait-records.ts'
import { Wakes } from './wakes.ts'
import { watchAwaits } from './watch-awaits.ts'

/** Looking at the stack takes its time: a run that goes round and round need not be looked at for ever. */
const MOST_SITES = 5000
/** Of a run that reaches its limit of steps the end tells most: so many sites are kept for its last steps. */
const LAST_SITES = 1500
const LAST_STEPS = 500
const MOST_VALUES = 10_000
const MOST_ACCESSES = 100_000

/** A choice of the recorded run, as its neighbours need it. */
export interface RecordedChoice {
  readonly pick: number
  readonly count: number
  /** The option that goes on with the lane that ran, -1 where there is none. */
  readonly stay: number
  /** How many entries the trace had before it. */
  readonly entry: number
}

/** Says when a key is set. */
class Watched extends Map<string, boolean> {
  readonly #note: (key: string) => void

  constructor(note: (key: string) => void) {
    super()
    this.#note = note
  }

  override set(key: string, value: boolean): this {
    this.#note(key)
    return super.set(key, value)
  }
}

/** The instrumented run of a schedule: it notes where in the code everything waits, and what shared values become. */
export class Recording implements Chooser, Observer, RunRecorder {
  readonly tracer: Tracer
  readonly places: (CodePlace | undefined)[] = []
  readonly values: ValueRecord[] = []
  readonly accesses: AccessRecord[] = []
  readonly timeouts: TimeoutRecord[] = []
  readonly choices: RecordedChoice[] = []
  waits: readonly WaitRecord[] = []
  readonly #made = new WeakMap<Task<unknown>, CodePlace>()
  /** Where each thing is awaited, by the task that does. */
  readonly #sites = new WeakMap<object, Map<Task<unknown> | null, CodePlace>>()
  #left = MOST_SITES
  #leftForEnd = LAST_SITES
  /** Where sometimes() was called, by its label. */
  readonly sometimes = new Map<string, CodePlace>()
  /** Of the coroutine of the library's that begins to run: what it waits for itself, it waits for there. */
  #coroutine: CodePlace | undefined
  #loop: EventLoop | null = null
  readonly #promises = new PromiseWaits(() => this.#loop?.acting ?? null)
  readonly #wakes: Wakes
  #unwatch: (() => void)[] = []

  readonly #chooser: Chooser & Partial<Observer>

  /** The chooser is told of the steps, if it wants to be. */
  constructor(chooser: Chooser & Partial<Observer>) {
    this.tracer = new Tracer(chooser)
    this.#chooser = chooser
    const { steps } = this.tracer
    this.#wakes = new Wakes({ steps, site: () => this.#site(), isAwaited: (x) => this.#sites.has(x) })
  }

  /** Which step made each later one ready, where another lane did. */
  get wakes(): readonly WakeRecord[] {
    return this.#wakes.found
  }

  /** The run begins. */
  begin(loop: EventLoop): void {
    this.#loop = loop
    loop.recorder = this
    loop.marks = new Watched((label) => this.#noteSometimes(label))
    this.#unwatch = [watchAwaits((awaited) => this.#noteAwait(awaited)), this.#wakes.watch(loop), this.#promises.watch()]
  }

  /** It is over, and what is left is still there. */
  end(): void {
    if (this.#loop !== null) this.waits = describeWaits(this.#loop.liveTasks(), this)
  }

  /** Called in any case. */
  close(): void {
    for (const stop of this.#unwatch.splice(0)) stop()
    if (this.#loop !== null) this.#loop.recorder = null
    this.#loop = null
  }

  choose(point: ChoicePoint): number {
    const { steps } = this.tracer
    const entry = steps.length
    const stay = point.options.findIndex((o) => o.lane === point.lastLane)
    const pick = this.tracer.choose(point)
    this.choices.push({ pick, count: point.count, stay, entry })
    if (steps.length > entry) this.places[entry] = this.#site()
    return pick
  }

  step(option: Option, loop: { readonly steps: number; time(): number }): void {
    this.#coroutine = undefined
    const place = this.#placeOf(option)
    this.tracer.step(option, loop)
    this.#chooser.step?.(option, loop)
    this.places[this.tracer.steps.length - 1] = place
    this.#wakes.step(option)
  }

  taskMade(task: Task<unknown>): void {
    const site = this.#site()
    if (site !== undefined) this.#made.set(task, site)
  }

  timedOut(task: Task<unknown>): void {
    const waiting = ownWaits(task).at(-1)
    this.timeouts.push({
      task: task.getName(),
      time: this.#loop?.time() ?? 0,
      waitsFor: waiting === undefined || isNative(waiting) ? 'a native promise' : waiting.describe(),
      waitsAt: waiting === undefined || isNative(waiting) ? this.promiseSites(task)[0] : this.siteOf(waiting, task),
    })
  }

  valueSeen(name: string, kind: 'read' | 'write', value: unknown): void {
    const entry = this.tracer.steps.length - 1
    if (entry < 0 || this.values.length >= MOST_VALUES) return
    this.values.push({ entry, name, kind, value: inShort(value), at: this.#site() ?? this.places[entry] })
  }

  awaits(awaited: object): void {
    this.#noteAwait(awaited)
  }

  access(access: Access): void {
    if (this.#isPlaced(access) && this.accesses.length < MOST_ACCESSES) {
      const { object, kind, strand, site } = access
      const { file, line, column } = site
      const at = { file, line, column, ...(site.function === '' ? {} : { function: site.function }) }
      this.accesses.push({ object, kind, strand, name: site.name, at, task: this.#loop?.acting?.getName() })
    }
    this.#chooser.access?.(access)
  }

  #isPlaced(access: Access): access is PlacedAccess {
    return 'site' in access
  }

  madeAt(task: Task<unknown>): CodePlace | undefined {
    return this.#made.get(task)
  }

  /** Where a task waits for something. */
  siteOf(awaited: object, task: Task<unknown> | null): CodePlace | undefined {
    const sites = this.#sites.get(awaited)
    return sites?.get(task) ?? sites?.values().next().value
  }

  isNew(task: Task<unknown>): boolean {
    const ready = this.#loop?.ready
    if (ready === undefined || task.waitingFor.length > 0) return false
    for (let i = 0; i < ready.length; i++) if (ready.at(i) === (task as Option)) return true
    return false
  }

  /** Where a task waits for promises of the host's. */
  promiseSites(task: Task<unknown>): readonly CodePlace[] {
    return this.#promises.sitesOf(task)
  }

  #noteAwait(awaited: object): void {
    const task = this.#loop?.acting ?? null
    const known = this.#sites.get(awaited)
    // A `then` that is called later than it was looked for has no stack.
    const site = this.#site() ?? known?.get(task) ?? this.#coroutine
    if (site === undefined) return
    this.#coroutine = site
    this.#keep(awaited, task, site)
    if (awaited instanceof YieldOnce) this.#keep(BARE_YIELD, task, site)
  }

  #noteSometimes(label: string): void {
    const site = this.sometimes.has(label) ? undefined : this.#site()
    if (site !== undefined) this.sometimes.set(label, site)
  }

  #keep(awaited: object, task: Task<unknown> | null, site: CodePlace): void {
    const known = this.#sites.get(awaited)
    if (known === undefined) this.#sites.set(awaited, new Map([[task, site]]))
    else known.set(task, site)
  }

  #placeOf(option: Option): CodePlace | undefined {
    if (option instanceof Task) {
      const [waiting] = option.waitingFor
      return waiting === undefined ? this.#made.get(option) : this.siteOf(waiting, option)
    }
    if ('owningTask' in option && 'waiting' in option) {
      const { owningTask, waiting } = option as { owningTask: Task<unknown> | null; waiting: object | null }
      return waiting === null ? undefined : this.siteOf(waiting, owningTask)
    }
    return this.siteOf(option, null) ?? this.#wakes.placeOf(option)
  }

  #site(): CodePlace | undefined {
    const loop = this.#loop
    const atEnd = loop !== null && loop.maxSteps - loop.steps < LAST_STEPS
    return (atEnd ? this.#leftForEnd-- : this.#left--) > 0 ? codeSite() : undefined
  }
}
