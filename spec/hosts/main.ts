/**
 * Installs the packed package beside each host in an empty folder, and takes the race of examples/hosts through it: found,
 * replayed, and passing once the code is fixed. It needs the registry, so that it is no part of `npm test`.
 *
 * npm run hosts [-- NAME…] [--verbose]
 */
import { type Host, HOSTS } from './hosts.ts'
import { nodeOf, packed, type Said, Sandbox, shelf } from './sandbox.ts'

const wanted = process.argv.slice(2).filter((a) => !a.startsWith('-'))
const verbose = process.argv.includes('--verbose')

function must(condition: boolean, what: string, { output }: Said): void {
  if (!condition) throw new Error(`${what}; it said:\n${output}`)
}

/** Gives a line for each thing that held. */
function* through(host: Host, sandbox: Sandbox, heddle: string): Generator<string> {
  sandbox.install(heddle, ...host.packages)
  if (host.version !== undefined) yield `${host.version} ${sandbox.version(host.version)}`
  const run = (env: Record<string, string> = {}): Said => sandbox.run(host.command, { ...host.env, ...env })
  const complaints = host.types === undefined ? '' : sandbox.complaints(host.types)
  if (complaints !== '') throw new Error(`its types are wrong:\n${complaints}`)
  if (host.types !== undefined) yield 'types'

  const found = run()
  if (verbose) console.log(found.output)
  must(!found.passed && /withdraw \d/.test(found.output) && /token {3}h1\./.test(found.output), 'the race was not found and drawn', found)
  yield 'found'

  const again = host.replay(sandbox, found, run)
  if (verbose) console.log(again.output)
  must(!again.passed && /replayed|Shrunk 0 time/.test(again.output), 'the failure was not replayed', again)
  yield 'replayed'

  sandbox.write('account.mjs', sandbox.read('account.fixed.mjs'))
  const fixed = run()
  if (verbose) console.log(fixed.output)
  must(fixed.passed, 'the fixed code did not pass', fixed)
  yield 'passes when fixed'

  if (host.also === undefined) return
  host.also(sandbox)
  yield 'all forms'
}

const heddle = packed(shelf())
let failed = 0
for (const host of HOSTS) {
  if (wanted.length > 0 && !wanted.some((w) => host.name.toLowerCase().includes(w.toLowerCase()))) continue
  const node = host.node === undefined ? process.execPath : nodeOf(host.node)
  const sandbox = new Sandbox(host.name.replaceAll(/\W+/g, '-'), node)
  const held: string[] = []
  try {
    for (const what of through(host, sandbox, heddle)) held.push(what)
    console.log(`${host.name.padEnd(14)} ${held.join(', ')}`)
  } catch (error) {
    failed++
    console.log(`${host.name.padEnd(14)} ${[...held, 'FAILED'].join(', ')}: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    sandbox.remove()
  }
}
process.exitCode = failed === 0 ? 0 : 1
