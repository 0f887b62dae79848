/** What code does to a property or a variable. */
export type AccessKind = 'read' | 'write' | 'update' | 'call'

/** A place in the user's code that a transformed module tells of. Lines and columns count from 1. */
export interface Site {
  /** Relative to the project's root. */
  readonly file: string
  readonly line: number
  readonly column: number
  /** The function around it; empty at a module's top level. */
  readonly function: string
  /** Empty: no access. A call of a collection's method is a read or a write by the collection. */
  readonly kind: AccessKind | ''
  /** Accesses: what is read or written, as the code has it. Else empty. */
  readonly name: string
  /** What it is called: a property, or the number of a variable's declaration. Empty where the code says it only as it runs. */
  readonly key: string
  /** What a choice there is called: `file:line function`. */
  readonly label: string
}

/** Unfolds the table that a transformed module carries: rows between tabs, their fields between line ends. */
export function sitesOf(file: string, table: string): Site[] {
  return table.split('\t').map((row) => {
    const [line = '', column = '', around = '', kind = '', name = '', key = ''] = row.split('\n')
    const label = `${file}:${line}${around === '' ? '' : ` ${around}`}`
    return { file, line: Number(line), column: Number(column), function: around, kind: kind as Site['kind'], name, key, label }
  })
}
