import type { SourceMapInput } from '@jridgewell/trace-mapping'
import { type Around, Awaits } from './awaits.ts'
import { Blanks } from './blanks.ts'
import { Edits } from './edits.ts'
import { nameOfFunction } from './function-names.ts'
import { generated } from './generated.ts'
import { Helpers, PREFIX } from './helpers.ts'
import { markMapPoints } from './map-points.ts'
import { Marks } from './marks.ts'
import { Members } from './members.ts'
import { isNode, type ModuleState, type Node } from './module-state.ts'
import { Positions } from './positions.ts'
import { Scopes } from './scopes.ts'
import { SiteTable } from './site-table.ts'
import { eachChild, kindOf } from './syntax.ts'
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
  /** Its own name, or that of the nearest function around it that has one. */
  readonly name: string
}

/** What has become of it. */
export interface Instrumented {
  readonly code: string
  readonly map: InstrumentedMap
}

/** A source map from what it has become to what it was: https://tc39.es/ecma426/. */
export interface InstrumentedMap {
  readonly version: 3
  readonly sources: string[]
  readonly sourcesContent: string[]
  readonly names: string[]
  readonly mappings: string
}

/** Makes choice points of a module's awaits, and tells of its accesses. Null: there is nothing to change. */
export function instrument(source: ModuleSource): Instrumented | null {
  const { code } = source
  // Asked before parsing. Code that is transformed already is left as it is.
  if (!/\b(?:await|async|function|class)\b|=>|\{/.test(code) || code.includes(`${PREFIX}_`)) return null
  if (!source.accesses && !/\bawait\b|\byield\b/.test(code)) return null
  const program = source.parse(code)
  if (!isNode(program)) return null
  const functions: Frame[] = []
  const edits = new Edits()
  const helpers = new Helpers()
  const sites = new SiteTable(new Positions(code, source.map))
  const module: ModuleState = { code, edits, helpers, sites, functionName: () => functions.at(-1)?.name ?? '' }
  const awaits = new Awaits(module)
  const scopes = source.accesses ? new Scopes(program) : null
  const members = scopes === null ? null : new Members(module, scopes)
  const variables = scopes === null || members === null ? null : new Variables(module, scopes, (node) => members.isTaken(node))
  const marks = new Marks(code)
  const blanks = new Blanks(code, marks)
  const visit = (node: Node, parent: Node | null, key: string): void => {
    // In `{ x }` the key is the value's text over again.
    if (key === 'key' && parent?.['shorthand'] === true) return
    const kind = kindOf(node.type)
    if (kind.isText) blanks.visit(node)
    // Its grammar allows no calls around what is in it.
    if (node.type === 'Decorator') return
    const isFrame = kind.isFunction || isField(parent, key)
    if (isFrame) functions.push(frame(node, parent, functions.at(-1)))
    const around = functions.at(-1)
    markMapPoints(node, kind.isWord, code, marks)
    if (around !== undefined) {
      if (kind.mayWait) awaits.visit(node, around)
      if (kind.mayTouch) members?.visit(node)
      if (kind.mayName) variables?.visit(node, parent)
    }
    eachChild(node, kind, visit)
    if (isFrame) functions.pop()
  }
  visit(program, null, '')
  if (sites.size === 0) return null
  blanks.leaveOut()
  const { code: text, mappings } = generated(code, marks, edits, `\n${helpers.text(source.file, String(sites))}`)
  return {
    code: text,
    map: { version: 3, sources: [source.file.split('/').at(-1) as string], sourcesContent: [code], names: [], mappings },
  }
}

function frame(node: Node, parent: Node | null, outer: Frame | undefined): Frame {
  const name = nameOfFunction(node, parent)
  return { name: name === '' ? (outer?.name ?? '') : name, async: node['async'] === true, generator: node['generator'] === true }
}

/** What a field begins with is evaluated whenever an object is made. A static one belongs to the module. */
function isField(parent: Node | null, key: string): boolean {
  return key === 'value' && parent?.type === 'PropertyDefinition' && parent['static'] !== true
}
