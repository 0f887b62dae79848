import { spawn, spawnSync } from 'node:child_process'
import { createInterface } from 'node:readline'
import type { Writable } from 'node:stream'
import { fileURLToPath } from 'node:url'
import type { Goal, Measured, Rival } from '../row.ts'

const PYTHON = 'python3'
// The program stays where its source is; what is compiled lies in build/bench/peers.
const PROGRAM = fileURLToPath(new URL('../../../bench/peers/cpython.py', import.meta.url))

/** CPython's asyncio, in a child process that lives as long as the row: nothing where there is no python3. */
export function cpython(workload: string, goal?: Goal): Rival[] {
  const version = pythonVersion()
  return version === null ? [] : [new CPython(`CPython ${version} asyncio`, workload, goal)]
}

class CPython implements Rival {
  readonly id = 'cpython'
  readonly name: string
  readonly goal?: Goal
  /** What to do, how many tasks, how many times each: a line of the program's input without the number of runs. */
  readonly #workload: string
  #child: Child | null = null

  constructor(name: string, workload: string, goal: Goal | undefined) {
    this.name = name
    if (goal !== undefined) this.goal = goal
    this.#workload = workload
  }

  /** The child has its own clock, so that talking to it costs nothing. */
  async run(size: number): Promise<Measured> {
    const { stdin, answers } = (this.#child ??= start())
    stdin.write(`${this.#workload} ${size}\n`)
    const answer = await answers.next()
    if (answer.done === true) throw new Error(`${PROGRAM} ended early`)
    const [units, seconds] = answer.value.split(' ').map(Number)
    return { units: units as number, seconds: seconds as number }
  }

  close(): void {
    this.#child?.stdin.end()
  }
}

interface Child {
  readonly stdin: Writable
  readonly answers: AsyncIterator<string>
}

function start(): Child {
  const { stdin, stdout } = spawn(PYTHON, ['-B', PROGRAM], { stdio: ['pipe', 'pipe', 'inherit'] })
  return { stdin, answers: createInterface({ input: stdout })[Symbol.asyncIterator]() }
}

let version: string | null | undefined

function pythonVersion(): string | null {
  if (version === undefined) {
    const { status, stdout } = spawnSync(PYTHON, ['--version'], { encoding: 'utf8' })
    version = status === 0 ? (stdout.trim().split(' ')[1] ?? '') : null
  }
  return version
}
