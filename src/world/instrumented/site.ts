/** A place in the user's code that a transformed module tells of. Lines and columns count from 1. */
export interface Site {
  /** Relative to the project's root. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** The function around it; empty at a module's top level. */
  readonly function: string
  /** Accesses: what is read or written, as the code has it. Else empty. */
  readonly name: string
  /** Variables: where among its module's variables it is declared. */
  readonly declaration: number
  /** What a choice there is called: `file:line function`. */
  readonly label: string
}

/** The columns of a row: line, column, function, name, declaration. */
const ROW = 5

/** Unfolds the table that a transformed module carries. */
export function sitesOf(file: string, rows: readonly (number | string)[]): Site[] {
  const sites: Site[] = []
  for (let i = 0; i + ROW <= rows.length; i += ROW) {
    const [line, column, around, name, declaration] = rows.slice(i, i + ROW) as [number, number, string, string, number]
    const label = `${file}:${line}${around === '' ? '' : ` ${around}`}`
    sites.push({ file, line, column, function: around, name, declaration, label })
  }
  return sites
}
