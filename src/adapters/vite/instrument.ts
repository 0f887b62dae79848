import { MagicString, SourceMap } from 'magic-string'
import type { SourceMapInput } from '@jridgewell/trace-mapping'
import { Awaits } from './awaits.ts'
import { Edits } from './edits.ts'
import { Helpers, PREFIX } from './helpers.ts'
import { Indents } from './indents.ts'
import { MapPoints } from './map-points.ts'
import { Members } from './members.ts'
import { isNode, type ModuleState } from './module-state.ts'
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

/** Makes choice points of a module's awaits, and tells of its accesses. Null: there is nothing to change. */
export function instrument(source: ModuleSource): { code: string; map: SourceMap } | null {
  // Asked before parsing. Code that is transformed already is left as it is.
  if (!/\b(?:await|async|function|class)\b|=>|\{/.test(source.code) || source.code.includes(`${PREFIX}_`)) return null
  if (!source.accesses && !/\bawait\b|\byield\b/.test(source.code)) return null
  const changes = changesTo(source)
  if (changes === null) return null
  const { indents, points, edits, footer } = changes
  const text = new MagicString(indents.code)
  points.markIn(text)
  edits.applyTo(text)
  text.append(footer)
  return { code: text.toString(), map: mapOf(text, source, indents, edits) }
}

/** What is to be done to a module. Its syntax is not held on to: what it takes weighs on all that is made after it. */
interface Changes {
  readonly indents: Indents
  readonly points: MapPoints
  readonly edits: Edits
  /** The last line. */
  readonly footer: string
}

function changesTo(source: ModuleSource): Changes | null {
  const read = readModule(source)
  if (read === null) return null
  const { indents, points, scopes } = read
  const edits = new Edits(indents.code)
  const helpers = new Helpers()
  const sites = new SiteTable(new Positions(indents, source.map))
  let around = ''
  const module: ModuleState = { code: indents.code, edits, helpers, sites, functionName: () => around }
  const awaits = new Awaits(module)
  const members = source.accesses ? new Members(module, scopes) : null
  const variables = members === null ? null : new Variables(module, scopes, (node) => members.isTaken(node))
  for (const { node, parent, frame } of scopes.visits) {
    around = frame.name
    // An identifier is the most frequent of them, and no member.
    if (node.type !== 'Identifier') {
      if (frame.async) awaits.visit(node, frame)
      members?.visit(node)
    }
    variables?.visit(node, parent)
  }
  return sites.size === 0 ? null : { indents, points, edits, footer: `\n${helpers.text(source.file, String(sites))}` }
}

interface Reading {
  readonly indents: Indents
  readonly points: MapPoints
  readonly scopes: Scopes
}

function readModule(source: ModuleSource): Reading | null {
  for (const leaveOut of [true, false]) {
    const indents = new Indents(source.code, leaveOut)
    const program = source.parse(indents.code)
    if (!isNode(program)) return null
    const points = new MapPoints(indents.code.length)
    const scopes = new Scopes(program, points)
    if (!leaveOut || scopes.literals.every((literal) => indents.keeps(literal))) return { indents, points, scopes }
  }
  return null
}

/** What is put before a node is where the node is: that is where coverage finds it to begin, and where a debugger stops. */
function mapOf(text: MagicString, { file, code }: ModuleSource, indents: Indents, edits: Edits): SourceMap {
  const map = text.generateDecodedMap({ source: file.split('/').at(-1) as string })
  for (const line of map.mappings) {
    for (const segment of line) {
      if (segment.length === 1) continue
      const [, , source, column] = segment
      // A string over two lines may be a part of it: what follows it in its last line begins with that.
      segment[0] = Math.max(0, segment[0] - edits.openedAt(indents.startOf(source) + column))
      segment[3] += indents.widthOf(source)
    }
  }
  return new SourceMap({ ...map, sourcesContent: [code] })
}
