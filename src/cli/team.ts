import { Worker } from 'node:worker_threads'
import { Control } from './control.ts'
import { join } from './join.ts'
import type { Replayed, Reply, Request, Target, WorkerData } from './messages.ts'
import { Misuse } from './misuse.ts'
import type { Plan } from './plan.ts'
import type { ScenarioResult } from './results.ts'

/** A replay whose program has changed. */
export class Mismatch extends Error {
  override readonly name = 'Mismatch'
}

/** Heddle itself went wrong in a worker; its message is the stack there. */
export class Defect extends Error {
  override readonly name = 'Defect'
}

/** One worker thread, asked one thing at a time. */
class Member {
  readonly #thread: Worker
  #waiting: { resolve(reply: Reply): void; reject(error: Error): void } | null = null
  #ended: Error | null = null

  constructor(data: WorkerData) {
    const script = new URL(import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js', import.meta.url)
    this.#thread = new Worker(script, { workerData: data, execArgv: [...process.execArgv, '--enable-source-maps'] })
    this.#thread.on('message', (reply: Reply) => this.#settle((w) => w.resolve(reply)))
    this.#thread.on('error', (error) => this.#end(new Misuse(`a scenario ended the worker: ${String(error)}`)))
    this.#thread.on('exit', (code) =>
      this.#end(new Misuse(`a scenario ended the worker with exit code ${code}: scenarios must not call process.exit()`)),
    )
  }

  #settle(how: (waiting: { resolve(reply: Reply): void; reject(error: Error): void }) => void): void {
    const waiting = this.#waiting
    this.#waiting = null
    if (waiting !== null) how(waiting)
  }

  #end(error: Error): void {
    this.#ended ??= error
    this.#settle((w) => w.reject(error))
  }

  /** The next thing that it says. @throws Misuse if that is a complaint, or it ends */
  async next(): Promise<Reply> {
    const reply = await new Promise<Reply>((resolve, reject) => {
      if (this.#ended !== null) reject(this.#ended)
      else this.#waiting = { resolve, reject }
    })
    if (reply.type === 'misuse') throw new Misuse(reply.message)
    if (reply.type === 'mismatch') throw new Mismatch(reply.message)
    if (reply.type === 'defect') throw new Defect(reply.stack)
    return reply
  }

  ask(request: Request): Promise<Reply> {
    const reply = this.next()
    this.#thread.postMessage(request, [])
    return reply
  }

  /** Says something that has no answer. */
  tell(request: Request): void {
    this.#thread.postMessage(request, [])
  }

  async close(): Promise<void> {
    await this.#thread.terminate()
  }
}

/** The worker threads of one command; all have loaded the same files. */
export class Team {
  readonly targets: readonly Target[]
  readonly #members: readonly Member[]

  private constructor(members: readonly Member[], targets: readonly Target[]) {
    this.#members = members
    this.targets = targets
  }

  /** @throws Misuse if a file can't be loaded */
  static async gather(workers: number, data: WorkerData): Promise<Team> {
    const members = Array.from({ length: workers }, () => new Member(data))
    try {
      const [first] = await Promise.all(members.map((m) => m.next()))
      return new Team(members, first?.type === 'loaded' ? first.targets : [])
    } catch (error) {
      await Promise.all(members.map((m) => m.close()))
      throw error
    }
  }

  /** Ends the exploration that is under way. */
  stop(): void {
    for (const member of this.#members) member.tell({ type: 'stop' })
  }

  /** Explores one scenario, a share in each worker. `watch` gets hold of the figures while they change. */
  async explore(target: Target, plan: Plan, watch: (control: Control) => () => void): Promise<ScenarioResult> {
    const control = Control.of(this.#members.length)
    const unwatch = watch(control)
    try {
      const replies = await Promise.all(
        this.#members.map((member, worker) => {
          // Worker w of shard i/n is one of n times as many shards as there are workers.
          const { index, count } = plan.shard
          const shard = { index: index + count * worker, count: count * this.#members.length }
          return member.ask({ type: 'explore', target, plan, shard, memory: control.memory, worker }).catch((error: unknown) => {
            control.interrupt()
            throw error
          })
        }),
      )
      return join(replies.flatMap((r) => (r.type === 'explored' ? [r.result] : [])))
    } finally {
      unwatch()
    }
  }

  /** @throws Mismatch if the program has changed */
  async replay(target: Target, token: string): Promise<Replayed> {
    const reply = await (this.#members[0] as Member).ask({ type: 'replay', target, token })
    if (reply.type !== 'replayed') throw new Error(`a worker said '${reply.type}' to a replay`)
    return reply.replayed
  }

  async close(): Promise<void> {
    await Promise.all(this.#members.map((m) => m.close()))
  }
}
