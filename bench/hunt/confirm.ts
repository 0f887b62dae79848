import { spawnSync } from 'node:child_process'
import { cpSync, readdirSync } from 'node:fs'
import { basename, join } from 'node:path'

/**
 * Runs the plain programs, which know nothing of Heddle, and the regression tests of the finds, beside the installed packages. Gives
 * whether each program shows its defect, and each test fails as it has to until the package is mended.
 */
export function confirmFinds(hunt: string, folder: string, chosen: readonly string[]): boolean {
  for (const part of ['confirm', 'regression']) cpSync(join(hunt, part), join(folder, part), { recursive: true })
  const names = readdirSync(join(hunt, 'confirm')).map((f) => basename(f, '.mjs')).filter((n) => n !== 'support').sort()
  const tests = new Set(readdirSync(join(hunt, 'regression')))
  let all = true
  for (const name of names.filter((n) => chosen.length === 0 || chosen.some((c) => n.startsWith(c)))) {
    const program = node([join('confirm', `${name}.mjs`)], folder)
    const shows = program.status === 0
    console.log(`${name}: ${shows ? '' : 'DOES NOT SHOW: '}${program.stdout.trim()}`)
    let fails = true
    if (tests.has(`${name}.test.mjs`)) {
      const test = node(['--test', '--test-timeout=5000', join('regression', `${name}.test.mjs`)], folder)
      fails = test.status !== 0 && /^not ok/m.test(test.stdout) && !/ERR_MODULE_NOT_FOUND|SyntaxError/.test(test.stdout)
      if (!fails) console.log('  its regression test does not fail')
    }
    all &&= shows && fails
  }
  return all
}

function node(args: readonly string[], cwd: string): { status: number | null; stdout: string } {
  return spawnSync(process.execPath, ['--no-warnings', ...args], { cwd, encoding: 'utf8', timeout: 60_000, stdio: ['ignore', 'pipe', 'ignore'] })
}
