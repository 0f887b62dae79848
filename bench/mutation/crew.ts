import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import type { Answer, Request, TestFacts } from './protocol.ts'

export type Verdict =
  | { readonly status: 'killed' | 'spoilt'; readonly test: number; readonly error: string }
  | { readonly status: 'timeout' | 'crash'; readonly test: number }
  | { readonly status: 'survived' }

/** A process that holds the specs, and another when it hangs, dies or is no longer what it was. */
export class Crew {
  readonly #root: string
  readonly #specs: readonly string[]
  #child: ChildProcess | null = null
  #fresh = true
  tests: readonly string[] = []
  static: readonly string[] = []

  constructor(root: string, specs: readonly string[]) {
    this.#root = root
    this.#specs = specs
  }

  /** A new process; with a mutant, that one is there while the modules are loaded. False when they can't be. */
  async start(mutant?: string): Promise<boolean> {
    this.stop()
    const env: NodeJS.ProcessEnv = { ...process.env, MUTATION_ROOT: this.#root, MUTATION_SPECS: this.#specs.join('\n'), NODE_ENV: 'test' }
    if (mutant !== undefined) env['MUTATION_ACTIVE'] = mutant
    const preload = new URL('./preload.js', import.meta.url).href
    this.#child = fork(fileURLToPath(new URL('./worker.js', import.meta.url)), {
      cwd: this.#root,
      env,
      execArgv: ['--enable-source-maps', '--max-old-space-size=1500', '--import', preload],
      stdio: ['ignore', 'ignore', mutant === undefined ? 'inherit' : 'ignore', 'ipc'],
    })
    this.#fresh = true
    const ready = await this.#until((a) => a.kind === 'ready', () => 180_000)
    if (typeof ready === 'string' || ready.kind !== 'ready') return false
    if (mutant === undefined) {
      this.tests = ready.tests
      this.static = ready.static
    }
    return true
  }

  stop(): void {
    if (this.#child?.connected === true) this.#child.disconnect()
    const child = this.#child
    setTimeout(() => child?.kill('SIGKILL'), 2000)
    this.#child = null
  }

  /** Runs these tests once, without a mutant. */
  async survey(tests: readonly number[], tell: (test: number, facts: TestFacts) => void): Promise<void> {
    this.#send({ kind: 'survey', tests })
    const end = await this.#until(
      (a) => {
        if (a.kind === 'test') tell(a.test, a.facts)
        return a.kind === 'surveyed'
      },
      () => 120_000,
    )
    if (typeof end === 'string') throw new Error(`the process that ran the specs: ${end}`)
  }

  /** The tests, in this order, until one of them fails with the mutant. */
  async attempt(mutant: string, tests: readonly number[], facts: ReadonlyMap<number, TestFacts>): Promise<Verdict> {
    if (this.#child === null) await this.start()
    const hits = tests.map((t) => 10_000 + 100 * (facts.get(t)?.hits[mutant] ?? 1000))
    this.#send({ kind: 'try', mutant, tests, hits })
    let running = tests[0] ?? 0
    const answer = await this.#until(
      (a) => {
        if (a.kind === 'running') running = a.test
        return a.kind === 'survived' || a.kind === 'killed' || a.kind === 'spoilt'
      },
      () => 3000 + 60 * (facts.get(running)?.ms ?? 1000),
    )
    const fresh = this.#fresh
    this.#fresh = false
    if (answer === 'hangs' || answer === 'died') {
      this.stop()
      return { status: answer === 'hangs' ? 'timeout' : 'crash', test: running }
    }
    if (answer.kind === 'killed') return { status: 'killed', test: answer.test, error: answer.error }
    if (answer.kind !== 'spoilt') return { status: 'survived' }
    this.stop()
    // In a new process nothing but this mutant can have spoilt it.
    if (fresh) return { status: 'killed', test: answer.test, error: 'what it leaves behind fails the test' }
    return this.attempt(mutant, [answer.test, ...tests.filter((t) => t !== answer.test)], facts)
  }

  #send(request: Request): void {
    this.#child?.send(request)
  }

  /** The first answer that ends the wait. Each answer starts the time anew. */
  #until(ends: (answer: Answer) => boolean, limit: () => number): Promise<Answer | 'hangs' | 'died'> {
    const child = this.#child
    if (child === null) return Promise.resolve('died')
    return new Promise((resolve) => {
      const finish = (result: Answer | 'hangs' | 'died'): void => {
        clearTimeout(timer)
        child.off('message', listen).off('exit', die)
        resolve(result)
      }
      const listen = (answer: Answer): void => {
        clearTimeout(timer)
        if (ends(answer)) return finish(answer)
        timer = setTimeout(() => finish('hangs'), limit())
      }
      const die = (): void => finish('died')
      let timer = setTimeout(() => finish('hangs'), limit())
      child.on('message', listen).on('exit', die)
    })
  }
}
