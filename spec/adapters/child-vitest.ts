import { execFile } from 'node:child_process'
import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { stripVTControlCharacters } from 'node:util'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folders: string[] = []

/** A copy of a folder of fixtures inside the package, where `heddle` is the built package itself. */
export function copyOf(fixtures: string): string {
  const folder = mkdtempSync(`${root}build/${fixtures}-`)
  folders.push(folder)
  cpSync(`${root}fixtures/${fixtures}`, folder, { recursive: true })
  return folder
}

export function removeCopies(): void {
  for (const folder of folders) rmSync(folder, { recursive: true, force: true })
}

/** How a test of the child ended. `M`: what its reporter wrote beside. */
export interface ChildResult<M = unknown> {
  readonly title: string
  readonly fullName: string
  readonly status: string
  readonly message: string
  readonly meta: M
}

export interface ChildRun<M = unknown> {
  readonly output: string
  /** What it wrote to its standard output, control characters and all. */
  readonly raw: string
  readonly code: number
  readonly results: readonly ChildResult<M>[]
}

interface Json<M> {
  readonly testResults: readonly { readonly assertionResults: readonly (Omit<ChildResult<M>, 'message'> & { readonly failureMessages: string[] })[] }[]
}

/** Runs the tests of a folder in a vitest of their own, whose configuration writes results.json. */
export async function childVitest<M>(folder: string, args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<ChildRun<M>> {
  const inherited = Object.fromEntries(Object.entries(process.env).filter(([k]) => !/^(VITEST|HEDDLE|NODE_ENV|FIXED)/.test(k)))
  const said = await new Promise<{ output: string; raw: string; code: number }>((resolve) => {
    const child = execFile(
      process.execPath,
      // On a busy machine a test that takes longer than the five seconds by default need not hang.
      [`${root}node_modules/vitest/vitest.mjs`, 'run', '--root', folder, '--testTimeout=60000', ...args],
      { env: { ...inherited, CI: '1', ...env }, cwd: folder },
      (error, stdout, stderr) => resolve({ output: stripVTControlCharacters(stdout + stderr), raw: stdout, code: Number(error?.code ?? 0) }),
    )
    child.stdin?.end()
  })
  const json = JSON.parse(readFileSync(`${folder}/results.json`, 'utf8')) as Json<M>
  const results = json.testResults
    .flatMap((f) => f.assertionResults)
    .map(({ failureMessages, ...t }) => ({ ...t, message: stripVTControlCharacters(failureMessages.join('\n')) }))
  return { ...said, results }
}
