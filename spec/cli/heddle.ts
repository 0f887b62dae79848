import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))
const script = fileURLToPath(new URL('../../dist/cli/main.js', import.meta.url))

/** How a command ended. */
export interface Ended {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A command that runs; `sends` sends it a signal once it has printed a text. */
export function heddle(args: readonly string[], options: { cwd?: string; env?: Record<string, string>; signalAfter?: string } = {}): Promise<Ended> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [script, ...args], {
      cwd: options.cwd ?? root,
      env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: '', CI: '1', HEDDLE_REPLAY: '', ...options.env },
    })
    let out = ''
    let err = ''
    let sent = false
    child.stdout.on('data', (chunk) => {
      out += String(chunk)
      if (sent || options.signalAfter === undefined || !out.includes(options.signalAfter)) return
      sent = true
      // Some schedules later.
      setTimeout(() => child.kill('SIGINT'), 300)
    })
    child.stderr.on('data', (chunk) => (err += String(chunk)))
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, out, err }))
  })
}

/** The first token in a text. */
export function tokenIn(text: string): string {
  const token = /h1\.[A-Za-z0-9_-]+/.exec(text)?.[0]
  if (token === undefined) throw new Error(`no token in ${text}`)
  return token
}
