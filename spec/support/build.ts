import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** The time of the last change to any of the files under these paths. */
function latest(...paths: string[]): number {
  return Math.max(
    ...paths.map((path) =>
      statSync(path).isDirectory() ? latest(...readdirSync(path).map((name) => `${path}/${name}`)) : statSync(path).mtimeMs,
    ),
  )
}

/** Puts what differs in its place, a file at a time: whoever runs the package meanwhile finds none half-written. */
function install(from: string, to: string): void {
  for (const name of readdirSync(from, { recursive: true, encoding: 'utf8' })) {
    const [made, place] = [`${from}/${name}`, `${to}/${name}`]
    if (statSync(made).isDirectory()) continue
    if (existsSync(place) && readFileSync(place).equals(readFileSync(made))) continue
    mkdirSync(dirname(place), { recursive: true })
    renameSync(made, place)
  }
}

/** Builds the package if dist/ is missing or older than what it is made from. Specs write into build/. */
export function setup(): void {
  mkdirSync(`${root}build`, { recursive: true })
  const built = `${root}dist/index.js`
  if (existsSync(built) && statSync(built).mtimeMs >= latest(`${root}src`, `${root}tsconfig.json`, `${root}tsconfig.build.json`)) return
  const begun = new Date()
  const made = mkdtempSync(`${root}build/dist-`)
  try {
    execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`, '--outDir', made], {
      stdio: 'pipe',
    })
  } catch {
    // It is written all the same. Types are checked by `npm run types`, which says what is wrong.
    console.warn('spec/support/build.ts: the package was built in spite of type errors')
  }
  install(made, `${root}dist`)
  rmSync(made, { recursive: true })
  // What has changed in src/ since is not in it.
  if (existsSync(built)) utimesSync(built, begun, begun)
}
