import { spawnSync } from 'node:child_process'
import { pathToFileURL } from 'node:url'
import { relative, sep } from 'node:path'
import type { ScenarioBody } from '../explore/options.ts'
import { shown } from '../explore/shown.ts'
import { Misuse } from './misuse.ts'
import { root } from './own-package.ts'
import { ViteLoader } from './vite-loader.ts'

/** The bodies of a scenario file, by name; the only one of a file whose default export is a function is called `default`. */
export type Scenarios = ReadonlyMap<string, ScenarioBody>

/** How files are loaded: undefined means TypeScript through Vite with the plugin, and JavaScript as it is. */
export type Instrument = boolean | undefined

const NEEDS_VITE = /\.([cm]?tsx?|jsx)$/

/** Loads scenario files; one Vite serves all of them. */
export class ScenarioLoader {
  readonly #instrument: Instrument
  #vite: ViteLoader | null = null

  constructor(instrument: Instrument) {
    this.#instrument = instrument
  }

  /** @throws Misuse if the file can't be loaded, or exports no scenario */
  async load(file: string): Promise<Scenarios> {
    return bodiesOf(file, await this.#import(file))
  }

  /**
   * Loads a file that has been loaded before, and all of the project's modules that it imports, anew.
   * @throws Misuse as `load` does
   */
  async reload(file: string): Promise<Scenarios> {
    // Node's own loader keeps what it has imported for good.
    this.#vite ??= await ViteLoader.open(file, this.#instrument ?? NEEDS_VITE.test(file))
    this.#vite.forget()
    return bodiesOf(file, await this.#vite.load(file))
  }

  async #import(file: string): Promise<Record<string, unknown>> {
    try {
      if (!NEEDS_VITE.test(file) && this.#instrument !== true) return (await import(pathToFileURL(file).href)) as Record<string, unknown>
      this.#vite ??= await ViteLoader.open(file, this.#instrument ?? true)
      return await this.#vite.load(file)
    } catch (error) {
      if (error instanceof Misuse) throw error
      throw new Misuse(`${short(file)} could not be loaded: ${reason(error, file)}`)
    }
  }

  async close(): Promise<void> {
    await this.#vite?.close()
  }
}

/** What to call a file: its path from here, the same on every system. */
export function short(file: string): string {
  const path = relative(process.cwd(), file)
  return path.startsWith('..') ? file : path.split(sep).join('/')
}

const HOW =
  "Export a function ('export default async function () { … }'), or several by name ('export const scenarios = { transfer: async () => { … } }')"

function bodiesOf(file: string, module: Record<string, unknown>): Scenarios {
  const listed = module['scenarios'] ?? module['default']
  const where = `${short(file)}: ${module['scenarios'] === undefined ? 'the default export' : "'scenarios'"}`
  if (listed === undefined) throw new Misuse(`${short(file)} exports no scenario. ${HOW}.`)
  if (typeof listed === 'function') return new Map([['default', listed as ScenarioBody]])
  if (typeof listed !== 'object' || listed === null || Array.isArray(listed)) {
    throw new Misuse(`${where} is ${Array.isArray(listed) ? 'a list' : shown(listed)}. ${HOW}.`)
  }
  const bodies = Object.entries(listed)
  if (bodies.length === 0) throw new Misuse(`${where} is empty. ${HOW}.`)
  for (const [name, body] of bodies) {
    if (typeof body !== 'function') throw new Misuse(`${where}: '${name}' is ${shown(body)}, not a function. ${HOW}.`)
  }
  return new Map(bodies as [string, ScenarioBody][])
}

/** What a module threw while it was loaded, with its place and without a stack. */
function reason(error: unknown, file: string): string {
  if (!(error instanceof Error)) return `it threw ${shown(error)}`
  const { loc, frame } = error as { loc?: { file?: string; line?: number; column?: number }; frame?: string }
  const message = `${error.name}: ${error.message}`
  if (loc?.line !== undefined) return [`${message} (${short(loc.file ?? file)}:${loc.line}:${loc.column ?? 0})`, frame].filter(Boolean).join('\n')
  const lines = (error.stack ?? '').split('\n')
  const firstFrame = lines.findIndex((l) => /^\s+at /.test(l))
  if (error instanceof SyntaxError) return syntaxErrorIn(file) ?? message
  const place = lines.slice(Math.max(0, firstFrame)).find((l) => l.includes(':') && !l.includes('node:') && !l.includes(`${root}/dist`))
  return place === undefined ? message : `${message}\n${place}`
}

/** An import does not say where an error of syntax is; node's own check does. */
function syntaxErrorIn(file: string): string | null {
  const { status, stderr } = spawnSync(process.execPath, ['--check', file], { encoding: 'utf8', timeout: 10_000 })
  if (status === 0) return null
  return stderr.split(/\n\s+at /)[0]?.trim().replace(pathToFileURL(file).href, file) ?? null
}
