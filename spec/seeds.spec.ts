import { readdirSync, readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { beforeEach, describe, expect, test, vi } from 'vitest'
import type { Program, Stage as StageType } from '../fixtures/seeds/stage.ts'

/** What a program did on CPython. */
interface Recording {
  readonly stdout: string
  readonly virtual_seconds: number
  readonly error: string | null
}

const folder = fileURLToPath(new URL('../fixtures/seeds/', import.meta.url))
const names = readdirSync(folder)
  .filter((f) => f.endsWith('.json'))
  .map((f) => f.slice(0, -'.json'.length))

function recordingOf(name: string): Recording {
  return JSON.parse(readFileSync(`${folder}${name}.json`, 'utf8')) as Recording
}

/** Addresses, source lines and the names of coroutines and callbacks are not the same in any two languages. */
function comparable(line: string): string {
  return line
    .replace(/<coroutine object \w+ at 0x[0-9a-f]+>|\[object Generator\]/g, '<coroutine>')
    .replace(/ coro=<\w+\(\)[^>]*>/g, '')
    .replace(/ cb=\[[^\]]*\]/g, '')
}

/** Names that are used before they have a value, or have none, are one kind of error in JavaScript. */
function kindOf(error: string): string {
  return error.replace(/^(UnboundLocalError|NameError)$/, 'ReferenceError')
}

/** Runs a program as if in a process of its own, as the recorded one was. */
async function play(name: string): Promise<{ stage: StageType; error: unknown; warnings: number }> {
  const warn = vi.spyOn(console, 'warn').mockImplementation(() => {})
  const { Stage } = await import('../fixtures/seeds/stage.ts')
  const { default: program } = (await import(`../fixtures/seeds/${name}.ts`)) as { default: Program }
  const stage = new Stage()
  let error: unknown = null
  try {
    program(stage)
  } catch (thrown) {
    error = thrown
  }
  const warnings = warn.mock.calls.length
  warn.mockRestore()
  return { stage, error, warnings }
}

beforeEach(() => {
  vi.resetModules()
})

describe('programs of introductions to asyncio, as CPython runs them', () => {
  test('all are there', () => {
    expect(names.length).toBe(24)
  })

  test.each(names)('%s', async (name) => {
    const recording = recordingOf(name)
    const { stage, error } = await play(name)
    expect(stage.lines.map(comparable)).toEqual(recording.stdout.split('\n').slice(0, -1).map(comparable))
    expect(stage.time()).toBeCloseTo(recording.virtual_seconds, 6)
    if (recording.error === null) {
      if (error !== null) throw error
      return
    }
    const [kind = '', ...message] = recording.error.split(': ')
    expect(error).toMatchObject({ name: kindOf(kind) })
    // The words of a TypeError are asyncio's own; those of the others are the language's.
    if (kind === 'TypeError') expect(error).toMatchObject({ message: message.join(': ') })
  })

  test('a loop that is made by asking for one is deprecated, as in 3.13', async () => {
    expect((await play('003-b6')).warnings).toBe(1)
    expect((await play('000-b2')).warnings).toBe(0)
  })
})
