/**
 * The packed package on each Node: the race of examples/hosts found, replayed and gone under node:test, and everything that
 * fixtures/fingerprint says of a few programs (schedules, tokens, traces, pictures) equal on all of them, byte for byte.
 *
 * npm run nodes [-- MAJOR…]   ("here" is the Node that runs this and needs no download)
 */
import { createHash } from 'node:crypto'
import { HOSTS, type Host } from './hosts.ts'
import { nodeOf, packed, Sandbox, shelf } from './sandbox.ts'
import { through } from './through.ts'

const MAJORS = ['20', '22', '24', '26']
const wanted = process.argv.slice(2).filter((a) => !a.startsWith('-'))
const nodeTest = HOSTS.find((host) => host.name === 'node:test') as Host

const heddle = packed(shelf())
const fingerprints = new Map<string, string>()
let failed = false

for (const major of wanted.length > 0 ? wanted : MAJORS) {
  const node = major === 'here' ? process.execPath : nodeOf(major)
  const sandbox = new Sandbox(`node-${major}`, node)
  const held: string[] = []
  let name = `node ${major}`
  try {
    for (const what of through(nodeTest, sandbox, heddle)) held.push(what)
    name = `node ${sandbox.run(['-p', 'process.versions.node']).output.trim()}`
    held.push(`fingerprint ${fingerprintOf(sandbox, name).slice(0, 16)}`)
    console.log(`${name.padEnd(14)} ${held.join(', ')}`)
  } catch (error) {
    failed = true
    console.log(`${name.padEnd(14)} ${[...held, 'FAILED'].join(', ')}: ${error instanceof Error ? error.message : String(error)}`)
  } finally {
    sandbox.remove()
  }
}

/** Twice, in two processes: it must be the same in both, and the same as on every Node before. */
function fingerprintOf(sandbox: Sandbox, name: string): string {
  sandbox.take('fixtures/fingerprint')
  const texts = [1, 2].map(() => {
    const { output, passed } = sandbox.run(['fingerprint.mjs'])
    if (!passed) throw new Error(`fingerprint.mjs failed; it said:\n${output}`)
    return output.replaceAll(sandbox.folder, '')
  })
  for (const text of texts) {
    fingerprints.set(name, fingerprints.get(name) ?? text)
    for (const [other, first] of fingerprints) if (first !== text) throw new Error(`not as on ${other}:\n${firstDifference(first, text)}`)
  }
  return createHash('sha256').update(texts[0] as string).digest('hex')
}

function firstDifference(one: string, two: string): string {
  const lines = two.split('\n')
  const at = one.split('\n').findIndex((line, i) => line !== lines[i])
  return `${one.split('\n')[at]}\n${lines[at]}`
}

process.exitCode = failed ? 1 : 0
