import { execFileSync } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs'
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

/** Builds the package if dist/ is missing or older than what it is made from. Specs write into build/. */
export function setup(): void {
  mkdirSync(`${root}build`, { recursive: true })
  const built = `${root}dist/index.js`
  if (existsSync(built) && statSync(built).mtimeMs >= latest(`${root}src`, `${root}tsconfig.json`, `${root}tsconfig.build.json`)) return
  try {
    execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`], {
      stdio: 'pipe',
    })
  } catch {
    // It is written all the same. Types are checked by `npm run types`, which says what is wrong.
    console.warn('spec/support/build.ts: the package was built in spite of type errors')
  }
}
