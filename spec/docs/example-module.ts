import type { Example } from './examples.ts'
import { entries, exportsOf, valuesOf } from './exports.ts'

const PACKAGES = Object.keys(entries).filter((entry) => !entry.startsWith('heddle/vit'))
const BY_PACKAGE = new Map(PACKAGES.map((entry) => [entry, exportsOf(entry)]))
const PUBLIC = new Set([...BY_PACKAGE.values()].flat().map(({ name }) => name))

/** What makes a run of its own, and so can't be in one. */
const STARTERS = /(?<![.\w])(run|runSync|explore|check|checkSync|replay|newEventLoop|new Runner|fc\.assert)\(/

/**
 * An example as a module of build/examples-of-docs: every public name and the prelude imported, the code in a function
 * `example`, which runs it under `runSync` where it has a `yield*` of its own and under `run` else, unless it starts a run
 * itself. What a line says in a comment to be its value, it is held to by `same`.
 */
export function moduleOf({ file, source, isTest }: Example, prelude: readonly string[]): string {
  const lines = source.split('\n')
  const imports = lines.filter((line) => line.startsWith('import '))
  const code = lines.filter((line) => !line.startsWith('import ')).map(held).join('\n')
  const taken = new Set(imports.flatMap((line) => line.match(/\w+/g) ?? []))
  const isFree = (name: string): boolean => !taken.has(name)
  const own = valuesOf(file).filter((name) => isFree(name) && !PUBLIC.has(name) && !prelude.includes(name))
  const head = [
    ...imports,
    ...[...BY_PACKAGE].map(([entry, names], i) => importOf(entry, names.filter(({ name }) => isFree(name) && isFirst(name, i)))),
    importOf('../../spec/docs/prelude.ts', prelude.filter(isFree).map((name) => ({ name, isType: name === 'Row' }))),
    "import { same } from '../../spec/docs/same.ts'",
    own.length === 0 ? '' : `import { ${own.join(', ')} } from '../../src/${file}'`,
  ]
  if (isTest) return `${[...head, code].join('\n')}\n`
  if (/^(?=\S)(?:(?!function\*).)*yield\*/m.test(code)) {
    return `${head.join('\n')}\nexport async function example() {\nrunSync(function* () {\n${code}})\n}\n`
  }
  if (STARTERS.test(code)) return `${head.join('\n')}\nexport async function example() {\n${code}}\n`
  return `${head.join('\n')}\nexport async function example() {\nawait run(async () => {\n${code}})\n}\n`
}

function importOf(from: string, names: readonly { name: string; isType: boolean }[]): string {
  return `import { ${names.map(({ name, isType }) => (isType ? `type ${name}` : name)).join(', ')} } from '${from}'`
}

/** Some names are exported by two packages: they come from the first. */
function isFirst(name: string, i: number): boolean {
  return [...BY_PACKAGE.values()].slice(0, i).every((names) => names.every((other) => other.name !== name))
}

const HOLDING = /^(?!throw |return )(\S.*?) \/\/ (true|false|null|-?\d+(?:\.\d+)?|'[^']*'|\[[^\]]*\])(?=$|[;:,] )/

/** A line whose comment begins with a value is held to it: `queue.getNowait() // 2`. */
function held(line: string): string {
  const found = HOLDING.exec(line)
  if (found === null) return line
  const [, code = '', value = ''] = found
  const [, name] = /^const (\w+) = /.exec(code) ?? []
  return name === undefined ? `same(${code}, ${value})` : `${code}\nsame(${name}, ${value})`
}
