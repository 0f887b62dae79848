import type * as fs from 'node:fs'
import type * as module from 'node:module'
import type * as path from 'node:path'
import type * as url from 'node:url'

interface Modules {
  'node:fs': typeof fs
  'node:module': typeof module
  'node:path': typeof path
  'node:url': typeof url
}

/**
 * A module of Node's where there is Node, without an import that a page could not follow.
 * @throws Error that says so elsewhere
 */
export function nodeModule<K extends keyof Modules>(name: K): Modules[K] {
  const module = moduleOrNull(name)
  if (module === null) throw new Error(`${name} is needed, and this host has none: Node 20.16 or later gives it`)
  return module
}

/** The same, null where there is none. */
export function moduleOrNull<K extends keyof Modules>(name: K): Modules[K] | null {
  const { process } = globalThis as { process?: { getBuiltinModule?: (id: K) => Modules[K] | undefined } }
  return process?.getBuiltinModule?.(name) ?? null
}
