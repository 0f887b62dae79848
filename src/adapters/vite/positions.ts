import type { Indents } from './indents.ts'
import { originalPositionFor, TraceMap, type SourceMapInput } from '@jridgewell/trace-mapping'

/** A place in a file. Lines and columns count from 1. */
export interface Position {
  /** Null: the module's own file. */
  readonly source: string | null
  readonly line: number
  readonly column: number
}

const END_OF_LINE = 0x7fffffff

/** Where a module's text came from, by the maps of the transforms before this one. */
export class Positions {
  readonly #indents: Indents
  readonly #makeMap: () => SourceMapInput | null
  #map: TraceMap | null | undefined

  /** `map` is asked for only if there is anything to look up. */
  constructor(indents: Indents, map: () => SourceMapInput | null) {
    this.#indents = indents
    this.#makeMap = map
  }

  of(offset: number): Position {
    const { line: low, column } = this.#indents.positionOf(offset)
    const own: Position = { source: null, line: low + 1, column: column + 1 }
    if (this.#map === undefined) {
      const map = this.#makeMap()
      this.#map = map === null ? null : new TraceMap(map)
    }
    if (this.#map === null) return own
    // What a compiler has added belongs to the code before it.
    for (let line = low + 1; line > 0; line--) {
      const found = originalPositionFor(this.#map, { line, column: line === low + 1 ? column : END_OF_LINE })
      if (found.line !== null) return { source: found.source, line: found.line, column: found.column + 1 }
    }
    return own
  }
}
