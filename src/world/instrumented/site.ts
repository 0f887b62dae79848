import { FIELDS, numbersOfWord, textsOfWord } from './site-code.ts'

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

/** Unfolds the table that a transformed module carries: the texts that rows name, and the rows. */
export function sitesOf(file: string, table: string): Site[] {
  const rows = table.lastIndexOf('_') + 1
  const texts = textsOfWord(table.slice(0, rows))
  const text = (n: number | undefined): string => texts[n ?? 0] ?? ''
  const numbers = numbersOfWord(table.slice(rows))
  const sites: Site[] = []
  for (let i = 0; i < numbers.length; i += FIELDS) {
    const [line = 0, column = 0, around, kind, name, key] = numbers.slice(i, i + FIELDS)
    const label = `${file}:${line}${text(around) === '' ? '' : ` ${text(around)}`}`
    sites.push({ file, line, column, function: text(around), kind: text(kind) as Site['kind'], name: text(name), key: text(key), label })
  }
  return sites
}
