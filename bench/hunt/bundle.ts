import { basename, join } from 'node:path'
import { heddle } from 'heddle/vite'
import { build, type Plugin } from 'vite'

/** Where a package is taken from: a folder with a node_modules, and the name that it has there. */
export interface Source {
  readonly folder: string
  readonly names?: Readonly<Record<string, string>>
}

/** Puts a file of `packages/` and the packages that it imports into one module, in which each await is a choice point. */
export async function bundle(file: string, outDir: string, root: string, source: Source): Promise<string> {
  const name = basename(file, '.mjs')
  await build({
    configFile: false,
    // What the awaits of the file are called by: the same wherever the packages are.
    root,
    logLevel: 'error',
    plugins: [from(source), heddle({ include: [/\.[cm]?js$/] })],
    ssr: { noExternal: true },
    build: {
      ssr: file,
      outDir,
      emptyOutDir: false,
      minify: false,
      sourcemap: 'inline',
      rolldownOptions: { external: [/^heddle(?:\/|$)/], output: { entryFileNames: `${name}.mjs`, codeSplitting: false } },
    },
  })
  return join(outDir, `${name}.mjs`)
}

/** What a file of this repository imports by name is looked for in the source's folder. */
function from({ folder, names = {} }: Source): Plugin {
  return {
    name: 'hunt:from',
    enforce: 'pre',
    resolveId(id, importer) {
      if (importer === undefined || importer.includes('/node_modules/') || /^(?:[./]|node:|heddle(?:\/|$))/.test(id)) return null
      const [bare = id] = /^(?:@[^/]+\/)?[^/]+/.exec(id) ?? []
      return this.resolve((names[bare] ?? bare) + id.slice(bare.length), join(folder, 'index.js'), { skipSelf: true })
    },
  }
}
