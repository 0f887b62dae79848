import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { fileURLToPath } from 'node:url'
import { afterAll, describe, expect, test } from 'vitest'
import { firstDifference, sameJson } from '../fixtures/corpus/compare.ts'
import { conformance } from '../fixtures/corpus/conformance.ts'
import { AWAIT_NAMES, BLOCK_NAMES, SYNC_NAMES } from '../fixtures/corpus/op-table.ts'
import type { Result } from '../fixtures/corpus/program.ts'
import { type Entry, readCorpus } from '../fixtures/corpus/read-corpus.ts'
import { type Prepare, runProgram, runProgramNative } from '../fixtures/corpus/run-program.ts'

const slice = fileURLToPath(new URL('../fixtures/corpus/slice.jsonl.gz', import.meta.url))
const entries = [...readCorpus(slice)]
const work = mkdtempSync(`${tmpdir()}/heddle-conformance-`)

afterAll(() => rmSync(work, { recursive: true }))

/** Runs every program, and says where a result is not what is wanted of it. */
async function differences(
  wanted: (entry: Entry) => Result,
  got: (entry: Entry) => Result | Promise<Result>,
): Promise<string[]> {
  const found: string[] = []
  for (const entry of entries) {
    const wrong = firstDifference(wanted(entry), await got(entry))
    if (wrong !== null) found.push(`${entry.id}: ${wrong}`)
  }
  return found
}

/** A strategy that always picks 0, which means what FIFO would do. */
const firstOption: Prepare = (run) => {
  run.loop.chooser = { choose: () => 0 }
}

/** What a run did, in which order and when, without the iterations: a hop that only counts takes none where there are choices. */
function withoutTicks(result: Result): Result {
  return { ...result, ticks: 0, trace: result.trace.map((event) => event.slice(1)) }
}

describe('programs recorded on CPython 3.13', () => {
  test('the slice exercises every operation, with and without exceptions', () => {
    const events = new Set(entries.flatMap((e) => e.expected.trace.map((event) => event[3])))
    const done = (op: string): boolean => [op, `${op}=`, `${op}!`, `${op}.item`].some((name) => events.has(name))
    const silent = new Set(['try', 'repeat'])
    const all = [...SYNC_NAMES, ...AWAIT_NAMES, ...BLOCK_NAMES]
    expect(all.filter((op) => !silent.has(op) && !done(op))).toEqual([])
    const statuses = new Set(entries.map((e) => e.expected.status))
    expect([...statuses].sort()).toEqual(['base_exception', 'deadlock', 'deadlock_in_shutdown', 'limit', 'ok'])
  })

  test('generators give the same events, iterations, times and states', async () => {
    expect(await differences((e) => e.expected, (e) => runProgram(e.program))).toEqual([])
  })

  test('native async functions give the same events, iterations, times and states', async () => {
    expect(await differences((e) => e.expected, (e) => runProgramNative(e.program))).toEqual([])
  })

  describe('picking 0 at every choice', () => {
    // Fewer iterations are counted, so a run that FIFO ends at the limit of iterations goes on for longer.
    const expected = (e: Entry): Result => withoutTicks(e.expected)
    const unlessLimited = (e: Entry, result: Result): Result => (e.expected.status === 'limit' ? e.expected : result)

    test('generators keep the order of FIFO', async () => {
      const run = (e: Entry): Result => withoutTicks(unlessLimited(e, runProgram(e.program, firstOption)))
      expect(await differences(expected, run)).toEqual([])
    })

    test('native async functions keep the order of FIFO', async () => {
      const run = async (e: Entry): Promise<Result> =>
        withoutTicks(unlessLimited(e, await runProgramNative(e.program, firstOption)))
      expect(await differences(expected, run)).toEqual([])
    })

    test('another pick gives another order, so the two above can fail', async () => {
      const last: Prepare = (run) => {
        run.loop.chooser = { choose: (point) => point.count - 1 }
      }
      const found = await differences(expected, (e) => withoutTicks(runProgram(e.program, last)))
      expect(found.length).toBeGreaterThan(entries.length / 2)
    })
  })
})

describe('the conformance runner', () => {
  let files = 0

  async function run(lines: readonly unknown[], ...options: string[]) {
    const file = `${work}/${++files}.jsonl`
    writeFileSync(file, lines.map((l) => (typeof l === 'string' ? l : JSON.stringify(l))).join('\n'))
    const out: string[] = []
    const errors: string[] = []
    const code = await conformance([file, ...options], { log: (s) => out.push(s), error: (s) => errors.push(s) })
    return { code, out, errors: errors.map((e) => e.replace(file, 'FILE')) }
  }

  const good = {
    program: { id: 'p', tasks: { main: [{ op: 'sleep', delay: 1, value: 7 }, { op: 'return', value: 'x' }] } },
    expected: {
      status: 'ok',
      outcome: { value: 'x' },
      time: 1,
      ticks: 4,
      tasks: [['main', 'result', 'x', 0, false]],
      futures: [],
      trace: [
        [1, 0, 'main', 'start', 'main'],
        [1, 0, 'main', 'sleep', 1],
        [3, 1, 'main', 'sleep=', 1, 7],
        [3, 1, 'main', 'return=', 'x'],
        [3, 1, 'main', 'end=', 'main', 'x'],
      ],
    },
  }

  test.each([[], ['--native']])('counts what passed %s', async (...options: string[]) => {
    expect(await run([good, '', good], ...options)).toEqual({ code: 0, out: ['2 passed, 0 failed'], errors: [] })
  })

  test('says where a program first differs', async () => {
    const wrong = { ...good, expected: { ...good.expected, ticks: 5 } }
    const shorter = { ...good, expected: { ...good.expected, trace: good.expected.trace.slice(0, 4) } }
    expect(await run([wrong, good, shorter])).toEqual({
      code: 1,
      out: [
        'p: ticks: expected 5, got 4',
        'p: trace[4]: expected nothing, got [3,1,"main","end=","main","x"]',
        '1 passed, 2 failed',
      ],
      errors: [],
    })
  })

  test.each([
    ['{"program"', /^FILE, line 2: not JSON: /],
    [{ program: good.program }, /^FILE, line 2: a corpus line needs "program" and "expected"$/],
    [{ ...good, expected: { status: 'ok' } }, /^FILE, line 2: "expected" is no result of a program$/],
    [{ ...good, program: { tasks: {} } }, /^FILE, line 2: a program needs tasks\.main$/],
    [{ ...good, program: { tasks: { main: [{ op: 'dance' }] } } }, /^FILE, line 2: unknown op "dance"$/],
    [{ ...good, program: { tasks: { main: [{ op: 'sleep' }] } } }, /^FILE, line 2: sleep needs delay$/],
    [{ ...good, program: { tasks: { main: [{ op: 'sleep', delay: '1' }] } } }, /^FILE, line 2: sleep: delay must be a number$/],
    [{ ...good, program: { tasks: { main: [{ op: 'ev_set', event: 'E' }] } } }, /^FILE, line 2: ev_set: no events "E"$/],
    [{ ...good, program: { tasks: { main: [{ op: 'spawn', task: 't' }] } } }, /^FILE, line 2: spawn: no template "t"$/],
    [
      { ...good, program: { tasks: { main: [{ op: 'call_soon', tag: 'c', do: [{ op: 'sleep', delay: 1 }] }] } } },
      /^FILE, line 2: sleep may suspend: not allowed in a callback$/,
    ],
  ])('names the line that it cannot use: %j', async (line, message) => {
    const { code, errors } = await run([good, line])
    expect(code).toBe(2)
    expect(errors).toEqual([expect.stringMatching(message)])
  })

  test('names a file that it cannot read, and its usage', async () => {
    const errors: string[] = []
    const output = { log: (s: string) => errors.push(s), error: (s: string) => errors.push(s) }
    expect(await conformance([`${work}/none.jsonl`], output)).toBe(2)
    expect(await conformance([], output)).toBe(2)
    expect(await conformance([slice, '--fast'], output)).toBe(2)
    expect(errors).toEqual([
      expect.stringMatching(/none\.jsonl: ENOENT/),
      expect.stringMatching(/one file is needed\nusage: /),
      expect.stringMatching(/--fast[^]*\nusage: /),
    ])
  })

  test('compares numbers as numbers and objects without regard to order', () => {
    expect(sameJson({ a: 1, b: [1, { exc: 'E' }] }, { b: [1.0, { exc: 'E' }], a: 1 })).toBe(true)
    expect(sameJson([1], [1, 2])).toBe(false)
    expect(sameJson({ a: null }, {})).toBe(false)
    expect(sameJson(null, {})).toBe(false)
    expect(sameJson(0, false)).toBe(false)
  })
})
