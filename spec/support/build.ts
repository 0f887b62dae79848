import { execFileSync } from 'node:child_process'
import { existsSync, readdirSync, statSync } from 'node:fs'
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

/** Builds the package if dist/ is missing or older than what it is made from. */
export function setup(): void {
  const built = `${root}dist/index.js`
  if (existsSync(built) && statSync(built).mtimeMs >= latest(`${root}src`, `${root}tsconfig.json`, `${root}tsconfig.build.json`)) return
  execFileSync(process.execPath, [`${root}node_modules/typescript/bin/tsc`, '-p', `${root}tsconfig.build.json`], {
    stdio: 'inherit',
  })
}
