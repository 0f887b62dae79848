import { spawn, spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { type Figure, grouped } from './figure.ts'

const WORKER = fileURLToPath(new URL('./triples-worker.js', import.meta.url))
const OTHER = Number(process.versions.node.split('.')[0]) === 24 ? '22' : '24'

/** Random programs under random strategies and seeds: each has the same trace in another process, of another Node. */
export const triples: Figure = {
  name: 'triples',
  full: 1_000_000,
  short: 2000,
  async run(attempts, say) {
    const other = otherNode()
    if (other === null) say(`node@${OTHER} can't be had from the registry, so that both processes are of Node ${process.version}`)
    const command = other ?? [process.execPath]
    const all = await Promise.all([hashes([process.execPath], attempts), hashes(command, attempts)])
    const [here = [], there = []] = all
    const different = here.find((line, i) => line !== there[i])
    if (different !== undefined) throw new Error(`the traces from number ${different.split(' ')[0] ?? ''} on differ`)
    const last = here.at(-1)
    if (last === undefined || here.length !== there.length) throw new Error(`one of the processes has run ${here.length}, the other ${there.length}`)
    const versions = `${process.version} and ${other === null ? process.version : `v${OTHER}`}`
    say(`${grouped(attempts)} (program, strategy, seed) triples twice, in processes of Node ${versions}: every trace the same`)
  },
}

/** How to run another Node, if one can be had. */
function otherNode(): string[] | null {
  const found = spawnSync('npx', ['-y', '-p', `node@${OTHER}`, 'node', '-p', 'process.execPath'], { encoding: 'utf8', timeout: 120_000 })
  const path = found.stdout?.trim().split('\n').at(-1)
  return found.status === 0 && path !== undefined && path !== '' && path !== process.execPath ? [path] : null
}

function hashes([command = '', ...args]: readonly string[], attempts: number): Promise<string[]> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, [...args, WORKER, '0', String(attempts)], { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    child.stdout.on('data', (chunk) => (out += String(chunk)))
    child.on('error', reject)
    child.on('close', (code) => (code === 0 ? resolve(out.trim().split('\n')) : reject(new Error(`${command} ended with exit code ${String(code)}`))))
  })
}
