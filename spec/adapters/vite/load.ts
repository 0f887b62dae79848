import { fileURLToPath } from 'node:url'
import { heddle, type HeddleOptions } from '../../../src/adapters/vite/index.ts'
import { createServer, type Plugin, type ViteDevServer } from 'vite'

/** Vite's root: what files are called by starts there. */
export const ROOT = fileURLToPath(new URL('../../../fixtures/plugin', import.meta.url))

export interface Loaded {
  readonly server: ViteDevServer
  /** Loads a fixture as Vite would for a server: transformed, bundled with nothing. */
  load<M>(file: string): Promise<M>
  /** The same for a module that is written here; `file` is what it is called. */
  evaluate<M>(file: string, code: string): Promise<M>
  close(): Promise<void>
}

/** A Vite server with the plugin, in this process: what it loads meets the Heddle of the spec. */
export function withPlugin(options?: HeddleOptions, others: readonly Plugin[] = []): Promise<Loaded> {
  return loading([heddle(options), ...others])
}

/** A Vite server in this process. */
export async function loading(plugins: readonly Plugin[]): Promise<Loaded> {
  const written = new Map<string, string>()
  const virtual: Plugin = {
    name: 'written-here',
    enforce: 'pre',
    resolveId: (id) => (written.has(id) ? id : null),
    load: (id) => written.get(id) ?? null,
  }
  const server = await createServer({
    root: ROOT,
    configFile: false,
    logLevel: 'silent',
    appType: 'custom',
    server: { middlewareMode: true, hmr: false, ws: false, watch: null },
    optimizeDeps: { noDiscovery: true },
    plugins: [virtual, ...plugins],
  })
  return {
    server,
    load: async <M>(file: string) => (await server.ssrLoadModule(`/${file}`)) as M,
    evaluate: async <M>(file: string, code: string) => {
      const id = `${ROOT}/${file}`
      written.set(id, code)
      return (await server.ssrLoadModule(id)) as M
    },
    close: () => server.close(),
  }
}
