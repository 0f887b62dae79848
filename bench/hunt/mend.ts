import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'

/** Puts a copy of the installed packages beside them, with the changes of `mends/` applied. Gives its folder. */
export function mend(hunt: string, folder: string): string {
  const copy = join(folder, 'mended')
  rmSync(copy, { recursive: true, force: true })
  cpSync(join(folder, 'node_modules'), join(copy, 'node_modules'), { recursive: true })
  for (const patch of readdirSync(join(hunt, 'mends')).sort()) {
    const { status, stderr } = spawnSync('git', ['apply', join(hunt, 'mends', patch)], {
      cwd: copy,
      encoding: 'utf8',
      // Not the repository that the folder may lie in.
      env: { ...process.env, GIT_CEILING_DIRECTORIES: dirname(copy) },
    })
    if (status !== 0) throw new Error(`${patch} can't be applied: ${stderr}`)
  }
  return copy
}
