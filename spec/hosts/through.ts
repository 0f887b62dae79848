import type { Host } from './hosts.ts'
import type { Said, Sandbox } from './sandbox.ts'

function must(condition: boolean, what: string, { output }: Said): void {
  if (!condition) throw new Error(`${what}; it said:\n${output}`)
}

/** Takes the race of examples/hosts through a host. Gives a line for each thing that held, throws at the first that does not. */
export function* through(host: Host, sandbox: Sandbox, heddle: string, verbose = false): Generator<string> {
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
