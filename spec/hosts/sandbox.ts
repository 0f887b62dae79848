import { execFileSync, spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

const root = fileURLToPath(new URL('../../', import.meta.url))

/** What a command has said, and how it ended. */
export interface Said {
  readonly output: string
  readonly passed: boolean
}

/** The package as npm would publish it. */
export function packed(into: string): string {
  const said = execFileSync('npm', ['pack', '--silent', '--pack-destination', into], { cwd: root, encoding: 'utf8' })
  return join(into, said.trim().split('\n').at(-1) as string)
}

/** A folder outside the repository in which nothing is installed but a host and the packed package. */
export class Sandbox {
  readonly folder: string
  readonly #node: string

  constructor(name: string, node: string) {
    this.folder = mkdtempSync(join(tmpdir(), `heddle-${name}-`))
    this.#node = node
    writeFileSync(join(this.folder, 'package.json'), JSON.stringify({ name: `host-${name}`, private: true, type: 'module' }))
    this.take('examples/hosts')
  }

  /** Copies the files of a folder of the repository. */
  take(folder: string): void {
    for (const file of readdirSync(join(root, folder))) cpSync(join(root, folder, file), join(this.folder, file), { recursive: true })
  }

  install(...packages: string[]): void {
    execFileSync('npm', ['install', '--no-audit', '--no-fund', '--loglevel', 'error', ...packages], {
      cwd: this.folder,
      stdio: ['ignore', 'ignore', 'inherit'],
    })
  }

  version(name: string): string {
    const text = readFileSync(join(this.folder, 'node_modules', name, 'package.json'), 'utf8')
    return (JSON.parse(text) as { version: string }).version
  }

  /** Runs a script with this sandbox's Node. */
  run(args: readonly string[], env: Record<string, string> = {}): Said {
    const inherited = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/^(VITEST|HEDDLE|NODE_ENV|NODE_TEST)/.test(k)))
    const { status, stdout, stderr } = spawnSync(this.#node, args, {
      cwd: this.folder,
      env: { ...inherited, CI: '1', ...env },
      encoding: 'utf8',
      timeout: 120_000,
    })
    return { output: stripVTControlCharacters(`${stdout}\n${stderr}`), passed: status === 0 }
  }

  /** Whether a file type-checks against what is installed here: the complaints, none if it does. */
  complaints(source: string): string {
    writeFileSync(join(this.folder, 'types.ts'), source)
    const options = ['--noEmit', '--strict', '--module', 'nodenext', '--target', 'es2022', '--types', '', 'types.ts']
    const { stdout } = spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), ...options], {
      cwd: this.folder,
      encoding: 'utf8',
    })
    return stdout.trim()
  }

  read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8')
  }

  write(file: string, text: string): void {
    writeFileSync(join(this.folder, file), text)
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true })
  }
}

/** A folder for the packed package. */
export function shelf(): string {
  const folder = join(root, 'build/hosts/packed')
  mkdirSync(folder, { recursive: true })
  return folder
}

/** The path of another version of Node, by way of npm. */
export function nodeOf(version: string): string {
  return execFileSync('npx', ['--yes', '-p', `node@${version}`, 'node', '-p', 'process.execPath'], { encoding: 'utf8' }).trim()
}
