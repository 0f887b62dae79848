import { readFileSync, realpathSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'

interface Manifest {
  readonly name: string
  readonly version: string
  readonly exports: Record<string, string | { readonly default: string }>
}

/** The folder of this package. */
export const root = realpathSync(join(dirname(fileURLToPath(import.meta.url)), '..', '..'))

export const manifest = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Manifest

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
