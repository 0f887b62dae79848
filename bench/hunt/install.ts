import { spawnSync } from 'node:child_process'
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { homedir } from 'node:os'
import { join } from 'node:path'
import { VERSIONS } from './versions.ts'

/** Installs the packages outside the repository, without running any script of theirs. Gives the folder. */
export function install(): string {
  const folder = process.env['HEDDLE_HUNT'] ?? join(process.env['XDG_CACHE_HOME'] ?? join(homedir(), '.cache'), 'heddle-hunt')
  const manifest = JSON.stringify({ private: true, dependencies: VERSIONS }, null, 2)
  mkdirSync(folder, { recursive: true })
  if (read(join(folder, 'installed.json')) === manifest) return folder
  writeFileSync(join(folder, 'package.json'), manifest)
  const { status } = spawnSync('npm', ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--no-package-lock', '--loglevel=error'], {
    cwd: folder,
    stdio: 'inherit',
  })
  if (status !== 0) throw new Error(`npm install failed in ${folder}`)
  writeFileSync(join(folder, 'installed.json'), manifest)
  return folder
}

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8')
  } catch {
    return ''
  }
}
