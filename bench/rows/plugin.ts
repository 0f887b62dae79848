import { fileURLToPath } from 'node:url'
import { MagicString } from 'magic-string'
import { createServer, parseAst, type Plugin, type ViteDevServer } from 'vite'
import { heddle } from '../../src/adapters/vite/index.ts'
import { instrument } from '../../src/adapters/vite/instrument.ts'
import { check } from '../../src/index.ts'
import { bareNativeSteps } from '../peers/native-hops.ts'
import { type Contender, type RateRow, timedAsync } from '../row.ts'

/** Awaits, and little else: an account that is loaded and saved. */
const WORK = `
class Account {
  balance = 0
  async load() { return this.balance }
  async save(n) { this.balance = n }
  async deposit(n) { const before = await this.load(); await this.save(before + n) }
}
export const AWAITS = 3
export async function deposits(times) {
  const account = new Account()
  for (let i = 0; i < times; i++) await account.deposit(1)
}
`

interface Work {
  /** In each deposit. */
  readonly AWAITS: number
  deposits(times: number): Promise<void>
}

const UNIT = 1000
const TASKS = 10

function evaluate(code: string): Promise<Work> {
  return import(`data:text/javascript,${encodeURIComponent(code)}`) as Promise<Work>
}

function transformed(accesses: boolean): Promise<Work> {
  const made = instrument({ code: WORK, file: 'work.js', map: () => null, accesses, parse: parseAst })
  if (made === null) throw new Error('nothing was transformed')
  return evaluate(made.code)
}

function awaits(name: string, load: () => Promise<Work>): Contender {
  return {
    name,
    run: async (size) => {
      const { AWAITS, deposits } = await load()
      return timedAsync(async () => {
        await deposits(size * UNIT)
        return size * UNIT * AWAITS
      })
    },
  }
}

async function explored(times: number): Promise<number> {
  const { deposits } = await transformed(true)
  const body = async () => void (await Promise.all(Array.from({ length: TASKS }, () => deposits(times))))
  const report = await check(body, { strategy: 'random', schedules: 1, maxSteps: Number.POSITIVE_INFINITY })
  if (report.failures > 0) throw report.failure?.error
  return report.choicePoints
}

const TYPED = ['src/asyncio/queue.ts', 'src/asyncio/task-group.ts', 'src/asyncio/lock.ts', 'fixtures/plugin/coverage/shop.ts']
/** The packages that examples/plugin explores, as they are published. */
const PACKAGES = {
  'lru-cache-11.2.2': ['dist/esm/index.js'],
  'p-map-7.0.4': ['index.js'],
  'p-memoize-9.0.0': ['dist/index.js'],
  'p-queue-9.3.1': ['dist/index.js', 'dist/options.js', 'dist/priority-queue.js'],
}
/** Others, of which nearly every word is a property, or short. */
const OTHERS = {
  'async-mutex-0.4': ['index.mjs'],
  commander: ['lib/command.js'],
  'i18next-21.8.8': ['dist/esm/i18next.js'],
  yaml: ['browser/dist/parse/lexer.js', 'browser/dist/parse/parser.js', 'browser/dist/compose/composer.js'],
  'zustand-5.0.9': ['esm/vanilla.mjs', 'esm/middleware.mjs'],
}
/** From where the benchmark is compiled to. */
const ROOT = fileURLToPath(new URL('../../../', import.meta.url))

/** What any plugin costs that looks at the syntax and says where each word went, and changes nothing. */
const parsing: Plugin = {
  name: 'parsing',
  enforce: 'post',
  transform(code) {
    this.parse(code)
    const text = new MagicString(code).append('\n;')
    return { code: text.toString(), map: text.generateMap({ hires: 'boundary' }) }
  },
}

/** The JavaScript of packages, with the plugin, without it, and with one that does nothing. */
function packages(id: string, title: string, files: Readonly<Record<string, readonly string[]>>): RateRow {
  const paths = Object.entries(files).flatMap(([name, all]) => all.map((file) => `node_modules/${name}/${file}`))
  return {
    id,
    title,
    unit: 'files',
    ours: transforms('with the plugin', paths, () => [heddle({ packages: Object.keys(files) })]),
    rivals: [
      { id: 'plain', ...transforms('without it', paths, () => []), goal: { atMostTime: 2 } },
      { id: 'parsing', ...transforms('with one that parses, maps, changes nothing', paths, () => [parsing]) },
    ],
    meaning: 'where Vite has nothing to compile, a second parse and a second map are most of what is added',
  }
}

/**
 * Has files fetched as a test run has them, again and again: resolved, read, through all of Vite's own plugins and the one for
 * modules that run in Node, and their maps put into them. Vitest and Vite's own runner ask for each module so. (Vitest's other
 * plugins look whether they are meant and do nothing here.) What a first run pays on top, while nothing is compiled yet, is not in it.
 */
function transforms(name: string, files: readonly string[], plugins: () => Plugin[]): Contender {
  let server: Promise<ViteDevServer> | null = null
  const open = (): Promise<ViteDevServer> =>
    createServer({
      root: ROOT,
      configFile: false,
      logLevel: 'silent',
      appType: 'custom',
      server: { middlewareMode: true, hmr: false, ws: false, watch: null },
      optimizeDeps: { noDiscovery: true },
      plugins: plugins(),
    })
  return {
    name,
    run: async (size) => {
      const vite = await (server ??= open())
      return timedAsync(async () => {
        for (let i = 0; i < size; i++) {
          const { ssr } = vite.environments
          ssr.moduleGraph.invalidateAll()
          for (const file of files) await ssr.fetchModule(`/${file}`)
        }
        return size * files.length
      })
    },
    close: () => void server?.then((vite) => vite.close()),
  }
}

export const plugin: readonly RateRow[] = [
  {
    id: 'plugin-outside',
    title: 'code under the plugin, outside an exploration',
    unit: 'awaits',
    ours: awaits('with the plugin', () => transformed(true)),
    rivals: [{ id: 'plain', ...awaits('the same code as it is written', () => evaluate(WORK)), goal: { atLeast: 0.9 } }],
    meaning: 'what tests that explore nothing pay for the plugin',
  },
  {
    id: 'plugin-inside',
    title: `${TASKS} chains of plain awaits in an exploration, strategy random`,
    unit: 'choices',
    ours: { name: 'heddle', run: (size) => timedAsync(() => explored(size * UNIT)) },
    rivals: [
      {
        id: 'floor',
        name: 'floor: a thenable and a macrotask',
        run: (size) =>
          timedAsync(async () => {
            await bareNativeSteps(TASKS, size * UNIT)
            return TASKS * size * UNIT
          }),
      },
    ],
    goalRate: 300_000,
    meaning: 'each await is a choice point, its accesses told of',
  },
  {
    id: 'plugin-transform',
    title: 'TypeScript modules through Vite, for a server',
    unit: 'files',
    ours: transforms('with the plugin', TYPED, () => [heddle()]),
    rivals: [{ id: 'plain', ...transforms('without it', TYPED, () => []), goal: { atMostTime: 2 } }],
    meaning: 'what the plugin adds to each file that a test run loads',
  },
  packages('plugin-transform-packages', 'the JavaScript of four packages through Vite, for a server', PACKAGES),
  packages('plugin-transform-others', 'the JavaScript of five more packages', OTHERS),
]
