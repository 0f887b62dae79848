import { spawn } from 'node:child_process'
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { fileCorpus, parseFailureFile } from '../../src/index.ts'
import { Prng } from '../../src/strategies/prng.ts'
import { type Figure, grouped } from './figure.ts'

const WORKER = fileURLToPath(new URL('./kill-worker.js', import.meta.url))

/** A process that keeps failures is killed at any moment: what it had kept is whole, and nothing is half there. */
export const kill: Figure = {
  name: 'kill',
  full: 100,
  short: 5,
  async run(attempts, say) {
    const prng = new Prng()
    prng.seed(12, 0)
    let kept = 0
    let halves = 0
    for (let i = 0; i < attempts; i++) {
      const root = mkdtempSync(join(tmpdir(), 'heddle-kill-'))
      try {
        const ids = await killed(root, prng.below(60))
        const names = readdirSync(join(root, '.heddle'))
        for (const name of names.filter((n) => n.endsWith('.json'))) parseFailureFile(readFileSync(join(root, '.heddle', name), 'utf8'))
        const store = fileCorpus('.heddle', {
          root,
          warn(line) {
            throw new Error(line)
          },
        })
        for (const [n, id] of ids) {
          if (store.load(`test ${n}`)[0]?.id !== id) throw new Error(`${id} was kept, and is not there`)
        }
        kept += ids.length
        halves += names.filter((n) => !n.endsWith('.json')).length
      } finally {
        rmSync(root, { recursive: true, force: true })
      }
    }
    say(`${grouped(attempts)} processes killed with SIGKILL while they kept failures: all ${grouped(kept)} that were kept are there and whole; ${halves} were killed within a write, whose file is never read`)
  },
}

/** What it had kept when it was killed, so many milliseconds after the first. */
function killed(root: string, after: number): Promise<[string, string][]> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [WORKER, root, '0'], { stdio: ['ignore', 'pipe', 'inherit'] })
    let out = ''
    let told = false
    child.stdout.on('data', (chunk) => {
      out += String(chunk)
      if (!told) setTimeout(() => child.kill('SIGKILL'), after)
      told = true
    })
    child.on('error', reject)
    child.on('close', (_, signal) => {
      if (signal !== 'SIGKILL') reject(new Error('the process ended by itself'))
      // A line that was cut off may be of a file that is there.
      else resolve(out.slice(0, out.lastIndexOf('\n')).split('\n').map((line) => line.split(' ') as [string, string]))
    })
  })
}
