/** What may hold JavaScript by the time that this plugin sees it. */
const SCRIPTS = /\.(?:[cm]?[jt]sx?|vue|svelte|astro)$/
/** Queries that make of a file something that is no module of its own code. */
const OTHER = /[?&](?:raw|url|inline|worker|sharedworker)\b/

/** The file of a module id; null if it is none whose code is the user's. */
export function fileOf(id: string): string | null {
  if (id.startsWith('\0') || OTHER.test(id)) return null
  const file = id.replace(/[?#].*$/, '').replaceAll('\\', '/')
  return SCRIPTS.test(file) ? file : null
}

/** As sites are called, the same on every machine: within its package, or relative to the root. */
export function nameOfFile(root: string, file: string): string {
  return packageOf(file) === null ? relativeTo(root, file) : (file.split('/node_modules/').at(-1) as string)
}

function relativeTo(root: string, file: string): string {
  const from = root.split('/').filter((x) => x !== '')
  const to = file.split('/').filter((x) => x !== '')
  let common = 0
  while (common < from.length && common < to.length - 1 && from[common] === to[common]) common++
  return [...from.slice(common).map(() => '..'), ...to.slice(common)].join('/')
}

/** The package that a file belongs to; null: none, it is the project's own. */
export function packageOf(file: string): string | null {
  const path = file.split('/node_modules/').at(-1)
  if (path === undefined || path === file) return null
  const [scope = '', name = ''] = path.split('/')
  return scope.startsWith('@') ? `${scope}/${name}` : scope
}
