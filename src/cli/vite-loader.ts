import { createRequire } from 'node:module'
import { dirname } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { InlineConfig, Plugin, ViteDevServer } from 'vite'
import { Misuse } from './misuse.ts'
import { ownModule } from './own-package.ts'

/** Loads modules through Vite, as the tests of the project would. */
export class ViteLoader {
  readonly #server: ViteDevServer

  private constructor(server: ViteDevServer) {
    this.#server = server
  }

  /**
   * @param instrument whether every await becomes a choice point (heddle/vite)
   * @throws Misuse if Vite is not installed
   */
  static async open(file: string, instrument: boolean): Promise<ViteLoader> {
    const vite = await viteFor(file)
    const server = await vite.createServer(configOf(instrument ? [ownCopy(), await instrumenting()] : [ownCopy()]))
    if (server.config.plugins.filter((p) => p.name === 'heddle').length < 2) return new ViteLoader(server)
    // The project has configured it itself.
    await server.close()
    return new ViteLoader(await vite.createServer(configOf([ownCopy()])))
  }

  async load(file: string): Promise<Record<string, unknown>> {
    return this.#server.ssrLoadModule(file, { fixStacktrace: true })
  }

  /** What is loaded next is run again, with all that it imports. Packages in node_modules stay. */
  forget(): void {
    this.#server.environments.ssr.moduleGraph.invalidateAll()
    this.#server.moduleGraph.invalidateAll()
  }

  close(): Promise<void> {
    return this.#server.close()
  }
}

async function viteFor(file: string): Promise<typeof import('vite')> {
  for (const from of [dirname(file), dirname(fileURLToPath(import.meta.url))]) {
    let path: string
    try {
      path = createRequire(`${from}/`).resolve('vite')
    } catch {
      continue
    }
    return (await import(pathToFileURL(path).href)) as typeof import('vite')
  }
  throw new Misuse(
    `${file} needs Vite, which is not installed. Run 'npm install --save-dev vite', or compile the file and explore the .js file.`,
  )
}

const PREFIX = '\0heddle:'
/** Where the modules of this package are, for code that Vite runs. */
const MODULES = Symbol.for('heddle.cli.modules')

/**
 * Scenarios must use the Heddle that explores them, and no second copy of it. Vite takes a package within its root for
 * source code and would make one; so the names are handed over one by one.
 */
function ownCopy(): Plugin {
  const modules = ((globalThis as { [MODULES]?: Map<string, object> })[MODULES] ??= new Map())
  return {
    name: 'heddle:own-copy',
    enforce: 'pre',
    resolveId(source) {
      const url = ownModule(source)
      return url === null ? null : PREFIX + url
    },
    async load(id) {
      if (!id.startsWith(PREFIX)) return null
      const url = id.slice(PREFIX.length)
      const module = (await import(url)) as object
      modules.set(url, module)
      const from = `globalThis[Symbol.for('heddle.cli.modules')].get(${JSON.stringify(url)})`
      return `const all = ${from}\n${Object.keys(module).map((name) => `export const ${name} = all.${name}`).join('\n')}`
    },
  }
}

function configOf(plugins: Plugin[]): InlineConfig {
  return {
    appType: 'custom',
    logLevel: 'silent',
    clearScreen: false,
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true, include: [] },
    plugins,
  }
}

async function instrumenting(): Promise<Plugin> {
  const { heddle } = await import('../adapters/vite/index.ts')
  return heddle()
}
