import type { Host, Started } from './host.ts'
import { IN_NO_FILE } from './stacks.ts'

/** This file has another name then, and the program may be in it too. */
const BUNDLED = !/\/world\/escapes\.[jt]s(?:\?|$)/.test(import.meta.url)
const OF_BUNDLES =
  'Heddle is part of a bundle: if the program is in the same file, stacks can\'t tell the two apart, and lines of the program are left out. ' +
  'Leave heddle out of the bundle (most bundlers call that external).'

/** The program waits for something real, which no schedule controls. */
export class EscapeError extends Error {
  override readonly name = 'EscapeError'
  constructor(lines: readonly string[]) {
    super([...lines, ...(BUNDLED ? [OF_BUNDLES] : [])].join('\n'))
  }
}

/** What to do about the kinds that users meet most. */
const ADVICE: readonly (readonly [RegExp, string])[] = [
  [/^Timeout$/, "a timer of the host's: it was armed through a function that the code had taken before the exploration began"],
  [/^FSReq|^FILEHANDLE|^DIRHANDLE/, 'a file, or an import() that is being loaded; load it before the exploration'],
  [/^TCP|^TLS|^PIPE|^Pipe|^GETADDR|^GetAddr|^HTTP|^UDP|^QUERY/, 'a socket; put a stand-in in its place, such as io()'],
  [/^WORKER|^Worker|^MESSAGEPORT|^MessagePort/, 'a worker or its port'],
  [/^PROCESS|^Process/, 'a child process'],
]

// Taken before an exploration replaces it; another library may have done so before.
const realTimeout = setTimeout

/** Looks at what is under way in the real world, beside what was before the exploration. */
export class Outside {
  readonly #host: Host
  #before = new Map<string, number>()
  #started: Started[] | null = null
  /** Those of them that have not ended. */
  #live = new Map<number, string>()
  #stop: () => void = () => {}
  /** What is started now is the library's own. */
  #isOwn = false

  constructor(host: Host) {
    this.#host = host
    this.rebase()
  }

  /** What is under way from now on is the program's. */
  rebase(): void {
    this.#before = counted(this.#host.activeResources())
  }

  /** Begins to note where resources are started; it is slow. */
  watch(): void {
    const started: Started[] = []
    const live = new Map<number, string>()
    this.#started = started
    this.#live = live
    this.#stop = this.#host.watchStarts(
      (s) => {
        if (this.#isOwn) return
        started.push(s)
        // What no line of the program has started is the surroundings' own.
        if (placeIn(s.stack) !== undefined) live.set(s.id, s.type)
      },
      (id) => live.delete(id),
    )
  }

  unwatch(): void {
    this.#stop()
    this.#stop = () => {}
    this.#started = null
  }

  /** Lets this many milliseconds of real time pass. */
  wait(ms: number): Promise<void> {
    return new Promise((resolve) => {
      this.#isOwn = true
      realTimeout(resolve, ms)
      this.#isOwn = false
    })
  }

  /** The error that names what is under way, null if there is nothing. */
  escaped(): EscapeError | null {
    const now = counted(this.#host.activeResources())
    const more = [...now].filter(([type, n]) => n > (this.#before.get(type) ?? 0)).map(([type]) => type)
    return this.#named(more.filter((type) => !this.#isSurroundings(type)))
  }

  /** Whether it is known that no line of the program has started one of these. */
  #isSurroundings(type: string): boolean {
    const started = this.#started?.filter((s) => sameKind(s.type, type)) ?? []
    return started.length > 0 && started.every((s) => placeIn(s.stack) === undefined)
  }

  /** The same of all that was started since `watch` and has not ended, what the host does not list as active included. */
  unfinished(): EscapeError | null {
    // Copying a value opens a port too.
    return this.#named([...new Set(this.#live.values())].filter((type) => type !== 'MESSAGEPORT'))
  }

  #named(types: readonly string[]): EscapeError | null {
    if (types.length === 0) return null
    const lines = types.map((type) => {
      const advice = ADVICE.find(([pattern]) => pattern.test(type))?.[1]
      return `  ${type}${advice === undefined ? '' : `: ${advice}`}${this.#placeOf(type)}`
    })
    return new EscapeError(['the run waits for something real, which no schedule controls, and nothing else is left to do:', ...lines])
  }

  /** The error for a promise that something outside the run has settled. */
  foreignPromise(): EscapeError {
    const places = new Set((this.#started ?? []).flatMap((s) => placeIn(s.stack) ?? []))
    return new EscapeError([
      'the run waited for a promise that something outside it has settled: make it inside the body, or complete it ' +
        'through external() or io()',
      ...(places.size === 0 ? [] : ['what the run has started in the real world:', ...[...places].map((p) => `    ${p}`)]),
    ])
  }

  #placeOf(type: string): string {
    const started = this.#started?.findLast((s) => sameKind(s.type, type) && placeIn(s.stack) !== undefined)
    return started === undefined ? '' : `\n    started ${placeIn(started.stack)}`
  }
}

/** The two lists of Node spell the same kind in two ways (TCPSocketWrap, TCPWRAP). */
function sameKind(a: string, b: string): boolean {
  return a.toUpperCase().slice(0, 3) === b.toUpperCase().slice(0, 3)
}

function counted(types: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const type of types) counts.set(type, (counts.get(type) ?? 0) + 1)
  return counts
}

/** What a test runner writes to its own process while a run is under way is no affair of the program's, nor are its awaits. */
export const RUNNER = /[\\/]node_modules[\\/](vitest|@vitest|mocha|jest-[^\\/]+|@jest)[\\/]/

/** The first line of a stack that is neither Node's, nor a test runner's, nor this library's. */
export function placeIn(stack: string): string | undefined {
  const here = import.meta.url.replace(/\/world\/[^/]*$/, '/')
  const path = here.replace(/^file:\/\//, '')
  return stack
    .split('\n')
    .slice(1)
    .map((line) => line.trim())
    .find((line) => line !== '' && !/\(?node:|wasm:/.test(line) && !IN_NO_FILE.test(line) && !RUNNER.test(line) && !line.includes(here) && !line.includes(path))
}
