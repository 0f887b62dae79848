import type { Edits } from './edits.ts'
import type { Helpers } from './helpers.ts'
import type { SiteTable } from './site-table.ts'

/** A node as bundlers' parsers give it. */
export interface Node {
  readonly type: string
  readonly start: number
  readonly end: number
  readonly [key: string]: unknown
}

/** What is known of the module that is being transformed. */
export interface ModuleState {
  readonly code: string
  readonly edits: Edits
  readonly helpers: Helpers
  readonly sites: SiteTable
  /** The name of the function around the node that is being visited. */
  functionName(): string
}

export function isNode(x: unknown): x is Node {
  return typeof x === 'object' && x !== null && typeof (x as { type?: unknown }).type === 'string'
}

/** A child; of those asked for, the syntax knows that it is there. */
export function child(node: Node, key: string): Node {
  return node[key] as Node
}
