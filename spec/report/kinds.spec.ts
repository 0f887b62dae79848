import { afterEach, describe, expect, test } from 'vitest'
import * as kinds from '../../fixtures/failures/kinds.ts'
import {
  type Coroutine,
  createTask,
  describeFailure,
  type ExploreOptions,
  failureFileText,
  io,
  Lock,
  parseFailureFile,
  pause,
  replay,
  type ScenarioBody,
  sleep,
  wait,
} from '../../src/index.ts'
import { widthOf } from '../../src/report/text-width.ts'
import { failureOf } from '../support/failure-of.ts'

/** The lines of a failure's words; blank ones and spaces at the ends are left out. */
async function linesOf(body: ScenarioBody, options?: ExploreOptions): Promise<string[]> {
  const text = String(await failureOf(body, options))
  return text.split('\n').map((l) => l.trim()).filter((l) => l !== '')
}

/** The line of fixtures/failures/kinds.ts that has this in it. */
async function place(code: string): Promise<RegExp> {
  const { readFile } = await import('node:fs/promises')
  const lines = (await readFile('fixtures/failures/kinds.ts', 'utf8')).split('\n')
  const at = lines.findIndex((l) => l.includes(code)) + 1
  expect(at, `a line with ${code}`).toBeGreaterThan(0)
  return new RegExp(`fixtures/failures/kinds\\.ts:${at}:\\d+`)
}

function find(lines: readonly string[], ...parts: (string | RegExp)[]): string {
  const has = (line: string): boolean => parts.every((p) => (typeof p === 'string' ? line.includes(p) : p.test(line)))
  // Long lines are wrapped: two neighbours count as one.
  const joined = lines.map((l, i) => `${l} ${lines[i + 1] ?? ''}`)
  const found = lines.find(has) ?? joined.find(has)
  expect(found, `a line with ${parts.map(String).join(' and ')} in\n${lines.join('\n')}`).toBeDefined()
  return found as string
}

describe('what each kind of failure says', () => {
  test('error: what failed, the order, the values, which order passes, where it was left and where it fails', async () => {
    const lines = await linesOf(kinds.lostUpdate)
    expect(lines[0]).toBe('Error: the balance is 90, not 70')
    expect(lines[1]).toMatch(/^schedule 1, found by auto; 1 switch, 1 pick off FIFO$/)
    find(lines, /^\*3\s.*start$/)
    find(lines, 'save 20; balance = 80')
    find(lines, 'save 10; balance = 90')
    find(lines, 'passes if Task-2: `save 10` completes before Task-3 starts (step 3)')
    find(lines, await place('await pause(`save'), 'Task-2 is left here, though it could go on')
    find(lines, await place("not 70`"), 'it fails here')
    find(lines, /^> +\d+ \| +await pause\(`save/)
    find(lines, /^token +h1\./)
    find(lines, /^replay +await replay\(body/)
  })

  test('deadlock: who holds what, who waits for whom and where, the circle, and the order that passes', async () => {
    const lines = await linesOf(kinds.deadlock)
    expect(lines[0]).toMatch(/^DeadlockError: nothing is ready/)
    find(lines, "transfer holds Lock 'accounts' and waits for Lock 'journal' (audit) at", await place('await journal.with'))
    find(lines, "audit holds Lock 'journal' and waits for Lock 'accounts' (transfer) at", await place('await accounts.acquire'))
    find(lines, 'Task-1 waits for gather (transfer, audit)')
    expect(find(lines, 'the circle:')).toMatch(/the circle: (transfer → audit → transfer|audit → transfer → audit)/)
    find(lines, /^passes if .* before .*/)
  })

  test('leak: the task, where it waits, where it was made', async () => {
    const lines = await linesOf(kinds.leak)
    expect(lines[0]).toMatch(/^LeakError: left pending when the main task ended: poller/)
    find(lines, 'poller waits for sleep(10) at', await place('await sleep(10)'))
    find(lines, 'made at', /kinds\.ts:\d+/)
  })

  test('step limit: what goes round', async () => {
    const lines = await linesOf(kinds.livelock, { maxSteps: 2000, strategy: 'fifo' })
    expect(lines[0]).toMatch(/^StepLimitError: the run reached its limit of 2000 steps/)
    expect(find(lines, 'it goes round:')).toMatch(/Task-[23] its turn, Task-[32] its turn; at least \d{3} times at its end/)
    find(lines, await place('while (!flags[other])'), 'again and again')
    // What leads into it, one round, the last round.
    expect(find(lines, /^… \d+ more steps$/)).toMatch(/^… 19\d\d more steps/)
    expect(lines.filter((l) => /^\*?\d+ +\d/.test(l)).length).toBeLessThan(10)
  })

  test('step limit: the code of a round that comes after thousands of steps', async () => {
    const lines = await linesOf(
      function* (): Coroutine<void> {
        for (let i = 0; i < 4000; i++) yield* pause('work')
        for (;;) yield* sleep(0.001) // no end
      },
      { maxSteps: 20_000, strategy: 'fifo' },
    )
    find(lines, /kinds\.spec\.ts:\d+:\d+: Task-1 comes by here again and again/)
    find(lines, /^> +\d+ \| +for \(;;\) yield\* sleep\(0\.001\) \/\/ no end/)
    find(lines, 'it goes round: Task-1 sleep(0.001); at least')
  })

  test('a fault and a cancellation: the wait that it ended', async () => {
    const charge = io(async () => {}, { label: 'charge', faults: { rejectAfter: true } })
    const lines = await linesOf(async () => {
      await charge() // it may fail
    })
    find(lines, 'charge: its answer is lost', /kinds\.spec\.ts:\d+/)
    find(lines, /^> +\d+ \| +await charge\(\) \/\/ it may fail/)
    const cancelled = await linesOf(
      async () => {
        const lock = new Lock({ name: 'ledger' })
        const writer = async (): Promise<void> => {
          await lock.acquire()
          await pause('write') // not in a finally
          lock.release()
        }
        await wait([createTask(writer, { name: 'writer' })])
      },
      { cancel: 'writer' },
    )
    find(cancelled, /: cancel writer at write$/)
    find(cancelled, /^> +\d+ \| +await pause\('write'\) \/\/ not in a finally/)
  })

  test('unhandled: what failed unseen, and where', async () => {
    const lines = await linesOf(kinds.unhandled)
    expect(lines[0]).toBe('Error: the mail was not sent')
    expect(lines[1]).toBe('unhandled: nobody awaited what failed')
    find(lines, await place('the mail was not sent'), 'it fails here')
  })

  test('never: the label, and in how many schedules it was looked for', async () => {
    const lines = await linesOf(kinds.never)
    expect(lines[0]).toMatch(/^never: sometimes\(…\) held in none of \d+ schedules: "the queue was full"$/)
    find(lines, await place("sometimes(false, 'the queue"), '"the queue was full" never holds here')
    find(lines, 'the picture is the schedule in FIFO order')
  })

  test('nondeterminism: that the same choices gave two runs, and what to do', async () => {
    const lines = await linesOf(kinds.nondeterminism)
    const words = lines.slice(0, lines.findIndex((l) => l.startsWith('schedule '))).join(' ')
    expect(words).toMatch(/^nondeterminism: the same choices .*the seventh call or so.*`setup`/)
    find(lines, await place('the seventh call or so'), 'it failed here, in one of the two runs')
  })

  test('escape: what is real, and the line that started it', async () => {
    const lines = await linesOf(kinds.escape)
    expect(lines[0]).toMatch(/^EscapeError: the run waits for something real/)
    find(lines, await place('server.listen(0)'))
  })

  test('a time limit: whose time ran out, and which await was stuck', async () => {
    const lines = await linesOf(kinds.timedOut)
    expect(lines[0]).toBe('TimeoutError')
    find(lines, "the time of Task-2 ran out at 1 s, while it waited for Lock 'cache' held by refresh at", await place('await lock.acquire()'))
  })

  test('timers of the host: they fire, and the line that armed them', async () => {
    const lines = await linesOf(async () => {
      let current = 'old'
      setTimeout(() => (current = 'new'), 100) // armed
      await new Promise((r) => setTimeout(r, 50))
      await pause('connect')
      if (current !== 'old') throw new Error(`the ${current} one`)
    })
    find(lines, 'passes if `connect` completes before `setTimeout 100 ms` fires')
    find(lines, /^> +\d+ \| +setTimeout\(.*\/\/ armed/)
  })

  test('a replay says the same of its schedule', async () => {
    const { token } = await failureOf(kinds.deadlock)
    const text = String((await replay(kinds.deadlock, token)).failure)
    expect(text).toContain('the circle:')
    expect(text).toContain("audit holds Lock 'journal'")
  })
})

describe('the terminal', () => {
  const all = Object.entries(kinds) as [string, () => unknown][]
  test.each(all)('no line of the picture is wider than it is: %s', async (_, body) => {
    const { file } = await failureOf(body, { maxSteps: 300 })
    for (const columns of [40, 60, 80, 100, 140]) {
      const text = describeFailure(file, { columns })
      // The error's lines are its own, and what is to be copied must be whole.
      const rest = text.split('\n').slice(file.error.message.split('\n').length)
      const own = rest.filter((l) => !/^ {2}(token|replay) /.test(l))
      for (const line of own) expect(widthOf(line), line).toBeLessThanOrEqual(columns)
    }
  })

  test('wide characters take two columns, and what would steer the terminal is left out', async () => {
    const { file } = await failureOf(kinds.lostUpdate)
    const steps = file.failing.steps.map((s) => ({ ...s, label: '測試測試\u001b[2J\u001b]0;title\u0007\u0008測試測試測試測試測試測試測試測試測試', task: 'タスク' }))
    const text = describeFailure({ ...file, error: { name: 'Error', message: 'a\u001b[31mb\u0007c' }, failing: { ...file.failing, steps } }, { columns: 60 })
    expect(text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f]/) // oxlint-disable-line no-control-regex
    expect(text.split('\n')[0]).toBe('Error: abc')
    const rows = text.split('\n').filter((l) => l.includes('測試'))
    expect(rows.length).toBeGreaterThan(0)
    for (const row of rows) expect(widthOf(row)).toBeLessThanOrEqual(60)
  })

  test('colours only where they are asked for, and the words stay the same', async () => {
    const { file } = await failureOf(kinds.lostUpdate)
    const plain = describeFailure(file, { columns: 90 })
    const painted = describeFailure(file, { columns: 90, colours: true })
    expect(plain).not.toContain('\u001b')
    expect(painted).toContain('\u001b[')
    expect(painted.replaceAll(/\u001b\[\d+m/g, '')).toBe(plain) // oxlint-disable-line no-control-regex
  })

  test('a file read back says the same as the failure', async () => {
    const failure = await failureOf(kinds.deadlock)
    expect(describeFailure(parseFailureFile(failureFileText(failure.file)))).toBe(String(failure))
  })
})

describe('the style of the terminal', () => {
  const { isTTY, columns } = process.stdout
  const before = { NO_COLOR: process.env['NO_COLOR'], TERM: process.env['TERM'] }
  afterEach(() => {
    Object.assign(process.stdout, { isTTY, columns })
    for (const [key, value] of Object.entries(before)) {
      if (value === undefined) Reflect.deleteProperty(process.env, key)
      else process.env[key] = value
    }
  })

  test.each([
    ['a terminal', true, 72, {}, { columns: 72, colours: true }],
    ['NO_COLOR', true, 72, { NO_COLOR: '1' }, { columns: 72, colours: false }],
    ['an empty NO_COLOR is none', true, 72, { NO_COLOR: '' }, { columns: 72, colours: true }],
    ['a dumb terminal', true, 72, { TERM: 'dumb' }, { columns: 72, colours: false }],
    ['a pipe', false, undefined, {}, { columns: 100, colours: false }],
    ['a terminal that does not know its width', true, 0, {}, { columns: 100, colours: true }],
  ])('%s', async (_, tty, width, env, expected) => {
    const { terminalStyle } = await import('../../src/index.ts')
    Reflect.deleteProperty(process.env, 'NO_COLOR')
    process.env['TERM'] = 'xterm'
    Object.assign(process.env, env)
    Object.assign(process.stdout, { isTTY: tty, columns: width })
    expect(terminalStyle()).toEqual(expected)
  })
})
