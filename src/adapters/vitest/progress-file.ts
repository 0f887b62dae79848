import { inject } from 'vitest'
import type { ProgressSink } from '../../explore/host.ts'
import type { Progress } from '../../explore/options.ts'
import { moduleOrNull } from '../node-module.ts'
import { progressOnErrorOutput } from '../progress.ts'
import { codeOf } from '../whole-file.ts'
import { LOOK, type ProgressChannel, type ProgressNote } from './progress-channel.ts'

/** Where an exploration in a worker says how far it is: to the reporter, or where there is none on its own error output. */
export function progressOf(name: string, schedules: number): ProgressSink | null {
  const channel: ProgressChannel | undefined = inject('heddleProgress')
  if (channel !== undefined && moduleOrNull('node:fs') !== null) return new ProgressFile(channel, name, schedules)
  return progressOnErrorOutput(name, schedules)
}

/** That the reporter is gone, or its disk full, is no trouble of the test's. */
class ProgressFile implements ProgressSink {
  readonly #channel: ProgressChannel
  readonly #name: string
  readonly #most: number | null
  #path: string | null = null
  #told = Number.NEGATIVE_INFINITY

  constructor(channel: ProgressChannel, name: string, schedules: number) {
    this.#channel = channel
    this.#name = name
    this.#most = Number.isFinite(schedules) ? schedules : null
  }

  tell(progress: Progress): void {
    const { elapsed } = progress
    if (elapsed < this.#channel.after || elapsed - this.#told < LOOK) return
    this.#told = elapsed
    const note: ProgressNote = { name: this.#name, most: this.#most, progress }
    const text = JSON.stringify(note)
    try {
      if (this.#path === null) this.#path = newFile(this.#channel.directory, text)
      else moduleOrNull('node:fs')?.writeFileSync(this.#path, text)
    } catch {
      // It tells of it next time.
    }
  }

  end(): void {
    try {
      if (this.#path !== null) moduleOrNull('node:fs')?.rmSync(this.#path, { force: true })
    } catch {
      // The reporter puts the whole directory away.
    }
  }
}

/** A file that no other worker writes to: threads share the number of their process. */
function newFile(directory: string, text: string): string | null {
  for (let n = 0; ; n++) {
    const path = `${directory}/${process.pid}-${n}.json`
    try {
      moduleOrNull('node:fs')?.writeFileSync(path, text, { flag: 'wx' })
      return path
    } catch (error) {
      if (codeOf(error) !== 'EEXIST') throw error
    }
  }
}
