import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * Runs the plain programs, which know nothing of Heddle, and the regression tests of the finds, beside the packages. Gives whether
 * all is as it has to be: with the packages as they are each program shows its defect and each test fails; with the mended ones it is
 * the other way round.
 */
export function confirmFinds(hunt: string, folder: string, chosen: readonly string[], mended: boolean): boolean {
  for (const part of ['confirm', 'regression']) cpSync(join(hunt, part), join(folder, part), { recursive: true })
  const tests = new Set(readdirSync(join(hunt, 'regression')))
  const mends = new Set(readdirSync(join(hunt, 'mends')))
  const names = readdirSync(join(hunt, 'confirm'))
    .map((f) => basename(f, '.mjs'))
    .filter((n) => n !== 'support' && (chosen.length === 0 || chosen.some((c) => n.startsWith(c))))
    .filter((n) => !mended || mends.has(`${n}.patch`))
    .sort()
  let all = true
  for (const name of names) {
    const program = node([join('confirm', `${name}.mjs`)], folder)
    const shows = program.status === 0
    const test = tests.has(`${name}.test.mjs`) ? outcome(folder, name) : mended ? 'passes' : 'fails'
    const expected = shows !== mended && test === (mended ? 'passes' : 'fails')
    all &&= expected
    console.log(`${expected ? ' ' : '!'} ${name}: ${program.stdout.trim()}; its regression test ${test}`)
  }
  return all
}

function outcome(folder: string, name: string): 'passes' | 'fails' | 'does not run' {
  const { status, stdout } = node(['--test', '--test-timeout=5000', join('regression', `${name}.test.mjs`)], folder)
  if (status === 0) return 'passes'
  return /^not ok 1 - (?!\/)/m.test(stdout) ? 'fails' : 'does not run'
}

function node(args: readonly string[], cwd: string): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, ['--no-warnings', ...args], { cwd, encoding: 'utf8', timeout: 60_000, stdio: ['ignore', 'pipe', 'ignore'] })
}
