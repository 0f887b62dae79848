import { MagicString, type SourceMap } from 'magic-string'
import type { SourceMapInput } from '@jridgewell/trace-mapping'
import type * as estree from 'estree'
import { walk } from 'estree-walker'
import { type Around, Awaits } from './awaits.ts'
import { Edits } from './edits.ts'
import { nameOfFunction } from './function-names.ts'
import { Helpers, PREFIX } from './helpers.ts'
import { markMapPoints } from './map-points.ts'
import { Members } from './members.ts'
import { isNode, type ModuleState, type Node } from './module-state.ts'
import { Positions } from './positions.ts'
import { Scopes } from './scopes.ts'
import { SiteTable } from './site-table.ts'
import { Variables } from './variables.ts'

/** A module to transform. */
export interface ModuleSource {
  /** Plain JavaScript. */
  readonly code: string
  /** What its sites are called by. */
  readonly file: string
  /** What the transforms before this one have done to it; null: nothing. */
  readonly map: () => SourceMapInput | null
  /** Whether reads and writes are told of. */
  readonly accesses: boolean
  /** Gives the program; null if it is none. */
  readonly parse: (code: string) => unknown
}

/** A function that is being visited. */
interface Frame extends Around {
  readonly name: string
}

/** Makes choice points of a module's awaits, and tells of its accesses. Null: there is nothing to change. */
export function instrument(source: ModuleSource): { code: string; map: SourceMap } | null {
  const { code } = source
  // Asked before parsing. Code that is transformed already is left as it is.
  if (!/\b(?:await|async|function|class)\b|=>|\{/.test(code) || code.includes(`${PREFIX}_`)) return null
  if (!source.accesses && !/\bawait\b|\byield\b/.test(code)) return null
  const program = source.parse(code)
  if (!isNode(program)) return null
  const functions: Frame[] = []
  const edits = new Edits()
  const text = new MagicString(code)
  const helpers = new Helpers()
  const sites = new SiteTable(new Positions(code, source.map))
  const module: ModuleState = { code, edits, helpers, sites, functionName: () => functions.findLast((f) => f.name !== '')?.name ?? '' }
  const awaits = new Awaits(module)
  const scopes = source.accesses ? new Scopes(program) : null
  const members = scopes === null ? null : new Members(module, scopes)
  const variables = scopes === null || members === null ? null : new Variables(module, scopes, (node) => members.isTaken(node))
  walk(program as unknown as estree.Node, {
    enter(estreeNode, estreeParent, key) {
      const node = estreeNode as unknown as Node
      const parent = estreeParent as unknown as Node | null
      // In `{ x }` the key is the value's text over again.
      if (key === 'key' && parent?.['shorthand'] === true) return this.skip()
      // Its grammar allows no calls around what is in it.
      if (node.type === 'Decorator') return this.skip()
      if (isFunction(node) || isField(parent, key)) {
        functions.push({ name: nameOfFunction(node, parent), async: node['async'] === true, generator: node['generator'] === true })
      }
      markMapPoints(node, text)
      awaits.visit(node, functions.at(-1) ?? null)
      if (functions.length === 0) return
      members?.visit(node)
      variables?.visit(node, parent)
    },
    leave(estreeNode, estreeParent, key) {
      if (isFunction(estreeNode as unknown as Node) || isField(estreeParent as unknown as Node | null, key)) functions.pop()
    },
  })
  if (sites.size === 0) return null
  edits.applyTo(text)
  text.append(`\n${helpers.text(source.file, String(sites))}`)
  return { code: text.toString(), map: text.generateMap({ source: source.file.split('/').at(-1) as string, includeContent: true }) }
}

function isFunction(node: Node): boolean {
  return node.type.endsWith('FunctionExpression') || node.type === 'FunctionDeclaration'
}

/** What a field begins with is evaluated whenever an object is made. A static one belongs to the module. */
function isField(parent: Node | null, key: PropertyKey | null | undefined): boolean {
  return key === 'value' && parent?.type === 'PropertyDefinition' && parent['static'] !== true
}
