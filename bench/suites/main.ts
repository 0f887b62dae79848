/**
 * `npm run suites [-- --schedules N] [--full] [PACKAGE…]`: the suites that three packages publish with their source, as they are,
 * under `heddle/vitest/runner`. It needs the registry. `--full` prints what vitest says too, with the picture of each order.
 */
import { execFileSync, spawnSync } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parseArgs, stripVTControlCharacters } from 'node:util'
import { makeProject } from './project.ts'
import { type Suite, SUITES } from './suites.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { schedules: { type: 'string', default: '100' }, full: { type: 'boolean' } },
})

const root = fileURLToPath(new URL('../../../', import.meta.url))
const shelf = join(root, 'build/suites')
mkdirSync(shelf, { recursive: true })
const said = execFileSync('npm', ['pack', '--silent', '--pack-destination', shelf], { cwd: root, encoding: 'utf8' })
const heddle = join(shelf, said.trim().split('\n').at(-1) ?? '')

for (const suite of SUITES) {
  if (positionals.length === 0 || positionals.some((p) => suite.name.includes(p))) run(suite)
}

function run(suite: Suite): void {
  const folder = join(shelf, suite.name.replaceAll(/\W+/g, '-'))
  makeProject(folder, suite, heddle)
  const { stdout, stderr } = spawnSync(process.execPath, ['node_modules/vitest/vitest.mjs', 'run', ...suite.files], {
    cwd: folder,
    env: { ...process.env, CI: '1', HEDDLE_SCHEDULES: values.schedules },
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  })
  const output = stripVTControlCharacters(stdout)
  const list = output.indexOf(' heddle: the suite in other orders')
  console.log(`\n${suite.name} ${suite.version}\n  ${suite.known}\n`)
  console.log(list === -1 || values.full === true ? `${output}${stripVTControlCharacters(stderr)}` : output.slice(list))
  if (list === -1) process.exitCode = 1
}
