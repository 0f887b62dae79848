/**
 * `npm run hunt [-- --schedules N] [--show] [--json FILE] [PACKAGE…]`: current versions of packages that many depend on, held to what
 * their documentation promises. Each is explored in a process of its own. `--show` prints the picture and the token of what is found;
 * with a token in HEDDLE_REPLAY the schedule is run again. `--confirm` runs the plain programs that show the finds without Heddle.
 * `--mended` does either with the changes of `mends/` applied: nothing is to be found then.
 */
import { fork } from 'node:child_process'
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { parseArgs } from 'node:util'
import { bundle } from './bundle.ts'
import { confirmFinds } from './confirm.ts'
import { exploreHunt } from './explore.ts'
import type { Hunt, Row } from './hunt.ts'
import { install } from './install.ts'
import { mend } from './mend.ts'
import { HEAD, lines } from './table.ts'
import { VERSIONS } from './versions.ts'

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    schedules: { type: 'string', default: '2000' },
    show: { type: 'boolean' },
    confirm: { type: 'boolean' },
    mended: { type: 'boolean' },
    json: { type: 'string' },
    one: { type: 'string' },
  },
})
if (values.one === undefined) await main()
else await worker(values.one)

async function main(): Promise<void> {
  const root = fileURLToPath(new URL('../../../', import.meta.url))
  const packages = join(root, 'bench/hunt/packages')
  const files = readdirSync(packages).filter((f) => f.endsWith('.mjs')).sort()
  const chosen = files.filter((f) => positionals.length === 0 || positionals.includes(basename(f, '.mjs')))
  const mended = values.mended === true
  const folder = mended ? mend(join(root, 'bench/hunt'), install()) : install()
  if (values.confirm === true) {
    if (!confirmFinds(join(root, 'bench/hunt'), folder, positionals, mended)) process.exitCode = 1
    return
  }
  const outDir = join(root, 'build/hunt')
  mkdirSync(outDir, { recursive: true })
  const results: { package: string; version: string; rows: Row[] }[] = []
  for (const line of HEAD) console.log(line)
  for (const file of chosen) {
    const module = await bundle(join(packages, file), outDir, root, { folder })
    const { name, rows } = await inItsOwnProcess(module)
    const version = VERSIONS[name] ?? '?'
    for (const line of lines(name, version, rows)) console.log(line)
    if (values.show === true) for (const r of rows) if (r.find !== null) console.log(`\n${r.find.picture}\n\n  ${r.find.token}\n`)
    results.push({ package: name, version, rows })
  }
  if (values.json !== undefined) writeFileSync(values.json, `${JSON.stringify(results, null, 2)}\n`)
}

function inItsOwnProcess(module: string): Promise<{ name: string; rows: Row[] }> {
  const child = fork(fileURLToPath(import.meta.url), ['--one', module, '--schedules', values.schedules], {
    execArgv: ['--enable-source-maps', '--no-warnings'],
  })
  return new Promise((resolve, reject) => {
    child.on('message', (message) => resolve(message as { name: string; rows: Row[] }))
    child.on('error', reject)
    child.on('exit', (code) => reject(new Error(`${module} ended without a result (exit code ${String(code)})`)))
  })
}

async function worker(module: string): Promise<void> {
  const { default: hunt } = (await import(pathToFileURL(module).href)) as { default: Hunt }
  const rows: Row[] = []
  for await (const row of exploreHunt(hunt, Number(values.schedules))) rows.push(row)
  process.send?.({ name: hunt.package, rows }, () => process.exit())
}
