import { readFileSync } from 'node:fs'
import { dirname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

const src = fileURLToPath(new URL('../../src/', import.meta.url))
const { exports } = JSON.parse(readFileSync(`${src}../package.json`, 'utf8')) as { exports: Record<string, string | { types: string }> }

/** The entry points of the package, by the names under which they are imported, each with its file in src/. */
export const entries: Readonly<Record<string, string>> = Object.fromEntries(
  Object.entries(exports).flatMap(([path, target]) =>
    typeof target === 'string' ? [] : [[`heddle${path.slice(1)}`, target.types.replace('./dist/', '').replace('.d.ts', '.ts')]]),
)

/** A name that an entry point exports. */
export interface PublicName {
  readonly name: string
  readonly isType: boolean
  /** Where it is declared, within src/. */
  readonly file: string
}

/** What an entry point exports: what it passes on and what it declares itself. */
export function exportsOf(entry: string): PublicName[] {
  return namesOf(entries[entry] as string)
}

function namesOf(file: string): PublicName[] {
  const text = readFileSync(join(src, file), 'utf8')
  const passedOn = [...text.matchAll(/^export (type )?\{([^}]*)\} from '([^']+)'/gm)].flatMap(([, type, names = '', from = '']) =>
    names.split(',').map((n) => n.trim()).filter((n) => n !== '').map((n) => ({
      name: n.replace(/^type /, ''),
      isType: type !== undefined || n.startsWith('type '),
      file: posix.join(dirname(file), from),
    })))
  const own = [...text.matchAll(DECLARATION)].map(([, kind = '', name = '']) => ({ name, isType: isTypeKind(kind), file }))
  return [...passedOn, ...own]
}

/** The values that a file of src/ exports itself by name. */
export function valuesOf(file: string): string[] {
  const declarations = [...readFileSync(join(src, file), 'utf8').matchAll(DECLARATION)]
  return declarations.filter(([whole, kind = '']) => !isTypeKind(kind) && !whole.includes('default ')).map((m) => m[2] as string)
}

/** The doc comments are those of all its overloads. */
export interface Declaration {
  readonly kind: string
  readonly comment: string
  readonly isError: boolean
}

/** How a name is declared and what stands right before that; undefined where there is no such declaration. */
export function declarationOf({ name, file }: PublicName): Declaration | undefined {
  const text = readFileSync(join(src, file), 'utf8')
  const all = [...text.matchAll(DECLARATION)].filter((m) => m[2] === name)
  const first = all[0]
  if (first === undefined) {
    const passedOn = namesOf(file).find((other) => other.name === name)
    return passedOn && declarationOf(passedOn)
  }
  const comments = all.map((m) => /\/\*\*(?:(?!\*\/)[\s\S])*\*\/\s*$/.exec(text.slice(0, m.index))?.[0] ?? '')
  const line = text.slice(first.index).split('\n', 1)[0] as string
  const isError = /extends \w*(Error|Exception|Group)\b/.test(line)
  return { kind: first[1] as string, comment: comments.join('\n').trim(), isError }
}

const DECLARATION = /^export (?:default )?(abstract class|class|async function|function\*?|const|interface|type) (\w+)/gm

function isTypeKind(kind: string): boolean {
  return kind === 'interface' || kind === 'type'
}
