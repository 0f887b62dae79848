import { nodeModule } from './node-module.ts'

/** What a file is called before it is whole: by the process that writes it, whose threads share one number. */
const HALF = /\.(\d+)-\d+\.tmp$/
/** Milliseconds after which a file of a process that is gone is a remnant, and one whose writer's number has been given again. */
const REMNANT = 60_000
const FORGOTTEN = 3_600_000

/**
 * Writes a file so that whoever reads it sees all of it or nothing, whenever this process is killed: beside its place,
 * then renamed. What processes that were killed have left there is put away.
 */
export function writeWhole(path: string, text: string): void {
  const { renameSync, rmSync, statSync } = nodeModule('node:fs')
  const beside = writeBeside(path, text)
  try {
    const now = statSync(beside).mtimeMs
    renameSync(beside, path)
    putAway(nodeModule('node:path').dirname(path), now)
  } catch (error) {
    rmSync(beside, { force: true })
    throw error
  }
}

/** Writes to a new file that nobody else writes to. */
function writeBeside(path: string, text: string): string {
  const { rmSync, writeFileSync } = nodeModule('node:fs')
  for (let n = 0; ; n++) {
    const beside = `${path}.${process.pid}-${n}.tmp`
    try {
      writeFileSync(beside, text, { flag: 'wx' })
      return beside
    } catch (error) {
      if (codeOf(error) === 'EEXIST' && n < 100) continue
      if (codeOf(error) !== 'EEXIST') rmSync(beside, { force: true })
      throw error
    }
  }
}

/** `now` is by the clock of the files themselves: the disk may be another machine's. */
function putAway(directory: string, now: number): void {
  const { readdirSync, rmSync, statSync } = nodeModule('node:fs')
  try {
    for (const name of readdirSync(directory)) {
      const owner = HALF.exec(name)?.[1]
      if (owner === undefined) continue
      const path = nodeModule('node:path').join(directory, name)
      const age = now - statSync(path).mtimeMs
      if (age > FORGOTTEN || (age > REMNANT && !lives(Number(owner)))) rmSync(path)
    }
  } catch {
    // Another process may do it at the same time; otherwise there is a next write.
  }
}

function lives(pid: number): boolean {
  try {
    // Signal 0 only asks.
    return process.kill(pid, 0)
  } catch (error) {
    return codeOf(error) !== 'ESRCH'
  }
}

export function codeOf(error: unknown): unknown {
  return (error as { code?: unknown } | null)?.code
}
