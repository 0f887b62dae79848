import type { CorpusEntry, CorpusStore } from '../explore/corpus.ts'
import { failureFileText } from '../explore/failure-file-text.ts'
import type { FailureFile } from '../explore/failure-file.ts'
import { InvalidFailureFileError } from '../explore/json-reader.ts'
import { hash } from '../explore/options.ts'
import { parseFailureFile } from '../explore/parse-failure-file.ts'
import { harmless } from '../report/text-width.ts'
import { withPaths } from './failure-paths.ts'
import { nodeModule } from './node-module.ts'
import { codeOf, writeWhole } from './whole-file.ts'

/** So much of a test's name is in the names of its files: characters, and bytes, of which a file's name has 255 at most. */
const NAME = 60
const BYTES = 200

/** Where the files are, and whom to tell of troubles. */
export interface FileCorpusOptions {
  /** Paths of the user's code are kept relative to this directory, so that every machine writes the same file. Default: the working directory. */
  root?: string
  /** Called with a line for each file that can't be used. Default: console.warn. */
  warn?: (line: string) => void
}

/**
 * Failing schedules in a directory, one JSON file each, to be committed with the code: `.heddle/transfer-1a2b3c4d.json`.
 * The name comes from the test and from the schedule, so that two branches that find two failures never conflict. Files
 * are written beside their place and then renamed, so that whoever reads sees all of one or nothing; what a process that
 * was killed within a write has left there goes with a later write. A file that can't be read is told of, left where it
 * is, and skipped.
 *
 * @throws Error where there is no file system
 * @example
 * ```ts
 * await explore(body, { name: 'transfer', corpus: fileCorpus('.heddle') })
 * ```
 */
export function fileCorpus(directory = '.heddle', options: FileCorpusOptions = {}): CorpusStore {
  return new FileCorpus(directory, options)
}

class FileCorpus implements CorpusStore {
  readonly #fs = nodeModule('node:fs')
  readonly #path = nodeModule('node:path')
  readonly #directory: string
  readonly #root: string
  readonly #warn: (line: string) => void

  constructor(directory: string, { root, warn }: FileCorpusOptions) {
    this.#root = this.#path.resolve(root ?? '.')
    this.#directory = this.#path.resolve(this.#root, directory)
    this.#warn = warn ?? ((line) => console.warn(line))
  }

  load(name: string): CorpusEntry[] {
    const prefix = `${slug(name)}-`
    const names = this.#names().filter((n) => n.startsWith(prefix) && n.endsWith('.json'))
    return names.toSorted().flatMap((n) => {
      const file = this.#read(n)
      return file === null || file.name !== name ? [] : [{ id: this.#idOf(n), file }]
    })
  }

  save(file: FailureFile): string {
    const kept = withPaths(file, (path) => this.#relative(path))
    const name = `${slug(file.name)}-${hash(`${file.name}\n${file.failing.token}`).toString(16).padStart(8, '0')}.json`
    const path = this.#path.join(this.#directory, name)
    const text = failureFileText(kept)
    if (this.#textOf(path) === text) return this.#idOf(name)
    this.#fs.mkdirSync(this.#directory, { recursive: true })
    writeWhole(path, text)
    return this.#idOf(name)
  }

  drop(entry: CorpusEntry): void {
    // Another process may have been faster.
    this.#fs.rmSync(this.#path.resolve(this.#root, entry.id), { force: true })
  }

  #names(): string[] {
    try {
      return this.#fs.readdirSync(this.#directory)
    } catch (error) {
      if (isMissing(error)) return []
      throw error
    }
  }

  #read(name: string): FailureFile | null {
    const path = this.#path.join(this.#directory, name)
    try {
      const file = parseFailureFile(this.#fs.readFileSync(path, 'utf8'))
      return withPaths(file, (p) => (this.#path.isAbsolute(p) ? p : this.#path.join(this.#root, p)))
    } catch (error) {
      // Dropped by another process meanwhile.
      if (isMissing(error)) return null
      // It may quote what is in the file.
      const why = harmless(error instanceof Error ? error.message : String(error))
      const line = `heddle: ${this.#idOf(name)} is skipped: ${why}`
      this.#warn(error instanceof InvalidFailureFileError ? line : `${line} (its schedule is not run)`)
      return null
    }
  }

  #textOf(path: string): string | null {
    try {
      return this.#fs.readFileSync(path, 'utf8')
    } catch {
      return null
    }
  }

  /** As a path that a user can open from the root. */
  #idOf(name: string): string {
    return this.#relative(this.#path.join(this.#directory, name))
  }

  #relative(path: string): string {
    const relative = this.#path.relative(this.#root, path)
    // On another drive.
    if (this.#path.isAbsolute(relative)) return path
    return relative.split(this.#path.sep).join('/')
  }
}

function isMissing(error: unknown): boolean {
  return codeOf(error) === 'ENOENT'
}

/** A test's name as a part of a file's name, on every system. */
function slug(name: string): string {
  const words = name.toLowerCase().replaceAll(/[^\p{L}\p{N}]+/gu, '-').replaceAll(/^-+|-+$/g, '')
  if (words === '') return 'test'
  let kept = ''
  let room = BYTES
  for (const character of [...words].slice(0, NAME)) {
    room -= new TextEncoder().encode(character).length
    if (room < 0) break
    kept += character
  }
  return kept
}
