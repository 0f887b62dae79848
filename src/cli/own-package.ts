import { existsSync, readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Record<string, string | { readonly default: string }>
}

/** The folder of this package. */
export const root = packageOf(dirname(realpathSync(fileURLToPath(import.meta.url))))

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest

/** However deep it is built. */
function packageOf(folder: string): string {
  return existsSync(join(folder, 'package.json')) ? folder : packageOf(dirname(folder))
}

/** The URL of a module of this package, by the name that others import it by; null if it is not ours. */
export function ownModule(specifier: string): string | null {
  if (specifier !== manifest.name && !specifier.startsWith(`${manifest.name}/`)) return null
  const entry = manifest.exports[`.${specifier.slice(manifest.name.length)}`]
  if (entry === undefined) return null
  return pathToFileURL(join(root, typeof entry === 'string' ? entry : entry.default)).href
}

/** Where the copy of this package is that a file would import; null if it would import none, or this one. */
export function otherCopy(file: string): string | null {
  try {
    const path = realpathSync(createRequire(file).resolve(`${manifest.name}/package.json`))
    return dirname(path) === root ? null : dirname(path)
  } catch {
    return null
  }
}
