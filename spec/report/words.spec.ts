import { describe, expect, test } from 'vitest'
import { createTask, describeFailure, Future, gather, pause, replay, sleep } from '../../src/index.ts'
import { failureFileOf } from '../support/failure-files.ts'
import { failureOf } from '../support/failure-of.ts'

async function lostUpdate(): Promise<void> {
  let n = 0
  const add = async () => {
    const before = n
    await pause('read')
    n = before + 1
  }
  await gather([() => add(), () => add()])
  if (n !== 2) throw new Error(`lost update: ${n}`)
}

/** The line that begins with this word, without it. */
function lineOf(text: string, word: string): string {
  const line = text.split('\n').find((l) => l.trim().startsWith(`${word} `))
  expect(line, `a line '${word} …'`).toBeDefined()
  return (line as string).trim().slice(word.length).trim()
}

describe('a failure in words', () => {
  test('begins with the body\'s own error', async () => {
    expect(String(await failureOf(lostUpdate)).split('\n')[0]).toBe('Error: lost update: 1')
  })

  test('has its token on a line of its own, which replays it', async () => {
    const failure = await failureOf(lostUpdate)
    const token = lineOf(String(failure), 'token')
    expect(token).toBe(failure.token)
    expect((await replay(lostUpdate, token)).failure?.error).toMatchObject({ message: 'lost update: 1' })
  })

  test('says how to replay: by hand, and by the environment where the test has a name', async () => {
    expect(lineOf(String(await failureOf(lostUpdate)), 'replay')).not.toContain('HEDDLE_REPLAY')
    const named = lineOf(String(await failureOf(lostUpdate, { name: 'two adds' })), 'replay')
    expect(named).toContain('HEDDLE_REPLAY')
    expect(named).toContain('"two adds"')
  })

  test('counts what minimising left, and says from how much', async () => {
    const failure = await failureOf(lostUpdate, { strategy: 'fifo' })
    expect(failure.switches).toBe(1)
    expect(lineOf(String(failure), 'schedule')).toMatch(/^1, found by fifo; 1 switch, /)
    expect(lineOf(String(failure), 'minimised')).toBe('from 2 switches, in FIFO order')
  })

  test.each([
    ['fewer switches', { switches: 3, picks: 4, steps: 9 }, undefined, 'minimised from 3 switches, 4 picks off FIFO'],
    ['fewer switches, and the budget ended', { switches: 3, picks: 4, steps: 9 }, true, 'minimised from 3 switches, 4 picks off FIFO, as far as its budget went'],
    ['fewer steps alone', { switches: 1, picks: 1, steps: 9 }, undefined, 'minimised from 9 steps to 4'],
    ['nothing smaller', { switches: 1, picks: 1, steps: 4 }, undefined, undefined],
    ['nothing smaller before the budget ended', { switches: 1, picks: 1, steps: 4 }, true, 'no smaller one was found before minimising came to the end of its budget'],
  ])('what minimising did: %s', (_, before, incomplete, expected) => {
    const lines = describeFailure(failureFileOf({ before, after: { switches: 1, picks: 1, steps: 4 }, incomplete })).split('\n')
    const said = lines.map((l) => l.trim()).filter((l) => l.includes('minimis'))
    expect(said).toEqual(expected === undefined ? [] : [expected])
  })

  test('a replay says that it is one', async () => {
    const { token } = await failureOf(lostUpdate)
    expect(String((await replay(lostUpdate, token)).failure)).toContain('replayed; 1 switch')
  })

  test.each([
    ['null', null, 'thrown: null'],
    ['undefined', undefined, 'thrown: undefined'],
    ['an object', { code: 7 }, 'thrown: {"code":7}'],
    ['a string', 'oops', 'thrown: oops'],
  ])('what is thrown need not be an Error: %s', async (_, thrown, expected) => {
    const failure = await failureOf(async () => {
      await pause()
      throw thrown
    })
    expect(failure.kind).toBe('error')
    expect(failure.error).toBe(thrown)
    expect(String(failure).split('\n')[0]).toBe(expected)
  })
})

describe('kinds', () => {
  test('a deadlock says which task waits for what', async () => {
    const failure = await failureOf(async () => {
      const [a, b] = [new Future<void>(), new Future<void>()]
      const left = createTask(async () => {
        await b
        a.setResult()
      }, { name: 'left' })
      const right = createTask(async () => {
        await a
        b.setResult()
      }, { name: 'right' })
      await gather([left, right])
    })
    expect(failure.kind).toBe('deadlock')
    const text = String(failure)
    for (const name of ['left', 'right']) expect(lineOf(text, name)).toMatch(/^waits for/)
    expect(text).toContain('no further than its last line')
  })

  test('a deadlock of native promises shows how far each lane came', async () => {
    const text = String(
      await failureOf(async () => {
        const never = async (name: string) => {
          await pause(`${name} begins`)
          await new Promise(() => {})
        }
        await Promise.all([never('a'), never('b')])
      }),
    )
    expect(text).toMatch(/^DeadlockError/)
    expect(text).toContain('a begins')
    expect(text).toContain('b begins')
  })

  test('a leak names the tasks that were left', async () => {
    const failure = await failureOf(async () => {
      createTask(async () => sleep(10), { name: 'poller' })
      await sleep(1)
    })
    expect(failure.kind).toBe('leak')
    expect(String(failure).split('\n')[0]).toMatch(/^LeakError: .*poller \(waits for sleep\(10\)\)/)
  })

  test('an exception that nobody awaited is said to be one', async () => {
    const failure = await failureOf(async () => {
      createTask(async () => {
        throw new Error('boom')
      })
      await sleep(1)
    })
    expect(failure.kind).toBe('unhandled')
    expect(String(failure)).toMatch(/^Error: boom\n {2}unhandled/)
  })
})
