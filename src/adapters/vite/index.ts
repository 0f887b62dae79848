import { createFilter, type FilterPattern, type Plugin } from 'vite'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { fileOf, nameOfFile, packageOf } from './files.ts'
import { instrument } from './instrument.ts'

/** What the plugin transforms. Globs are relative to the project's root. */
export interface HeddleOptions {
  /** Only these files. Default: all of the project's own. A pattern that names node_modules takes packages in, as `packages` does. */
  include?: FilterPattern
  /** Not these. */
  exclude?: FilterPattern
  /**
   * Packages in node_modules whose source is transformed too, by name. Vitest is told to inline them (`server.deps.inline`),
   * since only then does it hand them to plugins.
   */
  packages?: readonly string[]
  /** Whether reads and writes of properties and shared variables are told of. Default: true. */
  accesses?: boolean
}

/** This package itself: its awaits are what everything else is measured by. */
const OWN = fileURLToPath(new URL('../../', import.meta.url)).replaceAll('\\', '/')

/**
 * The Vite plugin: each `await`, `for await`, `await using` and async generator step of the code that it transforms is a
 * choice point while an exploration runs, labelled with file, line and function; outside it costs one test.
 *
 * @throws TypeError for a wrong option
 * @example
 * ```ts
 * // vitest.config.ts
 * import { heddle } from 'heddle/vite'
 * import { defineConfig } from 'vitest/config'
 *
 * export default defineConfig({ plugins: [heddle()] })
 * ```
 */
export function heddle(options: HeddleOptions = {}): Plugin {
  const { include, exclude, packages = [], accesses = true } = options
  if (!Array.isArray(packages)) throw new TypeError('option packages must be an array of package names')
  if (typeof accesses !== 'boolean') throw new TypeError(`option accesses must be a boolean, not ${String(accesses)}`)
  const namesPackages = [include].flat().some((p) => p instanceof RegExp || p?.includes('node_modules') === true)
  let root = ''
  let isWanted: (file: string) => boolean = () => true
  return {
    name: 'heddle',
    // What it sees is JavaScript, whatever it was before; where that came from is in the maps.
    enforce: 'post',

    config() {
      if (packages.length === 0) return undefined
      return { test: { server: { deps: { inline: [...packages] } } }, ssr: { noExternal: [...packages] } } as object
    },

    configResolved(config) {
      root = config.root
      const filter = createFilter(include, exclude, { resolve: root })
      isWanted = (file) => {
        if (file.startsWith(OWN)) return false
        const name = packageOf(file)
        return name === null ? filter(file) : packages.includes(name) || (namesPackages && filter(file))
      }
    },

    transform(code, id) {
      const file = fileOf(id)
      if (file === null || !isWanted(file)) return null
      return instrument({
        code,
        file: nameOfFile(root, file),
        map: () => {
          // Vite would make a map of a file that nobody has changed, at more cost than all the rest.
          if (isAsWritten(file, code)) return null
          const { sources, names, mappings } = this.getCombinedSourcemap()
          return mappings === '' ? null : { version: 3, sources, names, mappings }
        },
        accesses,
        parse: (text) => {
          try {
            return this.parse(text)
          } catch {
            // What is no JavaScript, whoever runs it will say.
            return null
          }
        },
      })
    },
  }
}

function isAsWritten(file: string, code: string): boolean {
  try {
    return readFileSync(file, 'utf8') === code
  } catch {
    return false
  }
}

export default heddle
