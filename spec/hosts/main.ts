/**
 * Installs the packed package beside each host in an empty folder, and takes the race of examples/hosts through it: found,
 * replayed, and passing once the code is fixed. It needs the registry, so that it is no part of `npm test`.
 *
 * npm run hosts [-- NAME…] [--verbose]
 */
import { HOSTS } from './hosts.ts'
import { nodeOf, packed, Sandbox, shelf } from './sandbox.ts'
import { through } from './through.ts'

const wanted = process.argv.slice(2).filter((a) => !a.startsWith('-'))
const verbose = process.argv.includes('--verbose')

const heddle = packed(shelf())
let failed = 0
for (const host of HOSTS) {
  if (wanted.length > 0 && !wanted.some((w) => host.name.toLowerCase().includes(w.toLowerCase()))) continue
  const node = host.node === undefined ? process.execPath : nodeOf(host.node)
  const sandbox = new Sandbox(host.name.replaceAll(/\W+/g, '-'), node)
  const held: string[] = []
  try {
    for (const what of through(host, sandbox, heddle, verbose)) held.push(what)
    console.log(`${host.name.padEnd(14)} ${held.join(', ')}`)
  } catch (error) {
    failed++
    console.log(`${host.name.padEnd(14)} ${[...held, 'FAILED'].join(', ')}: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    sandbox.remove()
  }
}
process.exitCode = failed === 0 ? 0 : 1
