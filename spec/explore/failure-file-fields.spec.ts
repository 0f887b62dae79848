import { describe, expect, test } from 'vitest'
import type { FailureFile } from '../../src/explore/failure-file.ts'
import { failureFileText } from '../../src/explore/failure-file-text.ts'
import { parseFailureFile, toFailureFile } from '../../src/explore/parse-failure-file.ts'

/** A failure file is data from somewhere else: each of its fields is held here, what is there and what is wrong with it. */

const at = { file: 'src/pay.ts', line: 3, column: 7, function: 'pay' }
const choice = { pick: 1, count: 2, options: ['a x', 'b y'] }
const step = { step: 1, time: 0.5, kind: 'handle', task: 'a', lane: 2, label: 'x', choice, preemption: true, at } as const
const schedule = {
  token: 'h1.t',
  steps: [{ step: 1, time: 0, kind: 'value', preemption: false } as never, step],
  values: [{ entry: 1, name: 'balance', kind: 'write', value: '90', at }],
  wakes: [{ entry: 1, by: 0, how: 'starts it', at }],
  omitted: { entry: 1, count: 12 },
} as const
const stale = { lane: 1, task: 'a', at }

/** Everything that a file can have. */
const whole: FailureFile = {
  format: 'heddle-failure',
  version: 1,
  name: 'pays once',
  kind: 'deadlock',
  error: { name: 'RangeError', message: 'twice', stack: 'RangeError: twice\n    at pay' },
  schedule: 4,
  strategy: 'pct',
  seed: 9,
  switches: 1,
  before: { switches: 3, picks: 2, steps: 9, tasks: 3 },
  after: { switches: 1, picks: 1, steps: 8, tasks: 2 },
  incomplete: true,
  firstToken: 'h1.f',
  failing: schedule,
  passing: { ...schedule, words: '`save` resumes before `load`', entry: 1 },
  waits: [{ task: 'a', waitsFor: 'Lock', blockedBy: ['b'], holds: ['Lock 2'], waitsAt: at, createdAt: at }],
  cycle: ['a', 'b'],
  timeouts: [{ task: 'a', time: 1.5, waitsFor: 'Lock', waitsAt: at }],
  repeats: { entry: 1, length: 1, times: 3 },
  order: ['a: x'],
  stale: { name: 'balance', read: stale, between: { ...stale, lane: 2 }, written: { ...stale, lane: 3 } },
  frames: [{ at, text: '> 3 | pay()', note: 'it fails here' }],
}

type Path = readonly (string | number)[]

/** Every field of a value, also those of its parts; of lists the last element stands for all. */
function* pathsIn(value: unknown, path: Path = []): Generator<Path> {
  if (typeof value !== 'object' || value === null) return
  const entries = Array.isArray(value) ? [[value.length - 1, value.at(-1)] as const] : Object.entries(value)
  for (const [key, inner] of entries) {
    yield [...path, key]
    yield* pathsIn(inner, [...path, key])
  }
}

/** As errors name it: `failing.steps[1].at`. */
const inWords = (path: Path): string => path.map((p, i) => (typeof p === 'number' ? `[${p}]` : `${i === 0 ? '' : '.'}${p}`)).join('')
const copy = (): Record<string, unknown> => JSON.parse(JSON.stringify(whole)) as Record<string, unknown>

function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<string | number, unknown>)[key], root)
}

/** The whole, with another value at this place; undefined: without it. */
function withOther(path: Path, value: unknown): unknown {
  const file = copy()
  const holder = valueAt(file, path.slice(0, -1)) as Record<string | number, unknown>
  const last = path.at(-1) as string | number
  if (value === undefined) Reflect.deleteProperty(holder, last)
  else holder[last] = value
  return file
}

const OPTIONAL = /(^|\.)(stack|tasks|incomplete|passing|waits|cycle|timeouts|repeats|order|stale|frames|wakes|omitted|task|lane|label|choice|at|waitsAt|createdAt|note|column|function)$/
// A wait, a time limit and a frame belong to a task and to a place; a step or an access may have neither.
const NEEDED = /^(waits\[0\]\.task|timeouts\[0\]\.task|stale\.\w+\.(lane|at)|frames\[0\]\.at)$/
const paths = [...pathsIn(copy())]
const fields = paths.filter((p) => typeof p.at(-1) === 'string' && p[0] !== 'format')

/** What is wrong with it, without the frame of the sentence; null: nothing. */
function wrongWith(value: unknown): string | null {
  try {
    toFailureFile(value)
    return null
  } catch (error) {
    return /^this is not a valid failure file: (.*)\. Restore it/.exec((error as Error).message)?.[1] ?? 'other words'
  }
}

describe('a failure file', () => {
  test('gives back everything that it says', () => {
    expect(JSON.parse(JSON.stringify(parseFailureFile(failureFileText(whole))))).toEqual(copy())
    expect(JSON.parse(JSON.stringify(toFailureFile(copy())))).toEqual(copy())
  })

  test('without one of its fields', () => {
    expect(fields.length).toBeGreaterThan(100)
    for (const path of fields) {
      const name = inWords(path)
      const without = withOther(path, undefined)
      const needed = !OPTIONAL.test(name) || NEEDED.test(name)
      expect(wrongWith(without), name).toBe(needed ? `'${name}' is missing` : null)
      if (!needed) expect(JSON.parse(JSON.stringify(toFailureFile(without))), name).toEqual(without)
    }
  })

  test('with a field of another kind', () => {
    for (const path of paths.filter((p) => p[0] !== 'format')) {
      const was = valueAt(whole, path)
      const kinds: Record<string, string> = { object: 'an object', number: 'a (whole )?number', boolean: 'true or false', string: '(a text|one of .+)' }
      const expected = Array.isArray(was) ? 'a list' : (kinds[typeof was] ?? '')
      for (const wrong of [null, typeof was === 'string' ? 7 : 'x', Array.isArray(was) ? {} : []]) {
        const words = wrongWith(withOther(path, wrong))
        expect(words?.slice(0, inWords(path).length + 2)).toBe(`'${inWords(path)}'`)
        expect(words?.slice(inWords(path).length + 2)).toMatch(new RegExp(`^ must be ${expected}, and is .`))
      }
    }
  })

  test('with an index that points behind what there is', () => {
    const indices: [Path, number][] = [
      [['failing', 'values', 0, 'entry'], 2],
      [['failing', 'wakes', 0, 'entry'], 2],
      [['failing', 'wakes', 0, 'by'], 1],
      [['failing', 'omitted', 'entry'], 2],
      [['passing', 'entry'], 2],
      [['repeats', 'entry'], 2],
    ]
    for (const [path, beyond] of indices) {
      expect(wrongWith(withOther(path, beyond))).toBe(`'${inWords(path)}' must be below ${beyond}, and is ${beyond}`)
      expect(wrongWith(withOther(path, beyond - 1))).toBeNull()
    }
  })

  test.each(['error', 'deadlock', 'step-limit', 'leak', 'unhandled', 'escape', 'nondeterminism', 'never'])('of the kind %s', (kind) => {
    expect(toFailureFile(withOther(['kind'], kind)).kind).toBe(kind)
  })

  test.each(['handle', 'external', 'clock', 'value'])('with a step of the kind %s', (kind) => {
    expect(toFailureFile(withOther(['failing', 'steps', 1, 'kind'], kind)).failing.steps[1]?.kind).toBe(kind)
  })

  test('with an access of either kind, and of no other', () => {
    for (const kind of ['read', 'write']) expect(wrongWith(withOther(['failing', 'values', 0, 'kind'], kind))).toBeNull()
    expect(wrongWith(withOther(['failing', 'values', 0, 'kind'], 'call'))).toBe(`'failing.values[0].kind' must be one of read, write, and is "call"`)
  })

  test('of something else says what it is, and what to do', () => {
    expect(wrongWith(withOther(['format'], 'heddle'))).toBe("its field 'format' is not 'heddle-failure'")
    expect(wrongWith(withOther(['format'], undefined))).toBe("its field 'format' is not 'heddle-failure'")
    expect(wrongWith(withOther(['version'], 2))).toBe('it has version 2, and this Heddle reads version 1: use the Heddle that wrote it')
    expect(wrongWith(undefined)).toBe('it must be an object, and is undefined')
    // So much of what stands there is shown, and no more.
    expect(wrongWith(withOther(['cycle'], 'x'.repeat(38)))).toBe(`'cycle' must be a list, and is "${'x'.repeat(38)}"`)
    expect(wrongWith(withOther(['cycle'], 'x'.repeat(39)))).toBe(`'cycle' must be a list, and is "${'x'.repeat(38)}…`)
    expect(() => parseFailureFile('[]')).toThrow('it must be an object, and is a list of 0. Restore it from version control, or delete it and explore again.')
    expect(() => parseFailureFile('{')).toThrow(/^this is not a valid failure file: it is no JSON \(.+\); perhaps it was cut short\. Restore/)
  })
})

test('its text has a line for each step, value, wake, wait and frame, so that a review shows which have changed', () => {
  const { failing, waits, frames, cycle } = whole
  const line = (value: unknown): string => JSON.stringify(value)
  const text = failureFileText({ ...whole, passing: undefined, stale: undefined, timeouts: undefined, order: [] , incomplete: undefined })
  expect(text.split('\n')).toEqual([
    '{',
    '  "format": "heddle-failure",',
    '  "version": 1,',
    '  "name": "pays once",',
    '  "kind": "deadlock",',
    `  "error": ${line(whole.error)},`,
    '  "schedule": 4,',
    '  "strategy": "pct",',
    '  "seed": 9,',
    '  "switches": 1,',
    `  "before": ${line(whole.before)},`,
    `  "after": ${line(whole.after)},`,
    '  "firstToken": "h1.f",',
    '  "failing": {',
    '    "token": "h1.t",',
    '    "steps": [',
    `      ${line(failing.steps[0])},`,
    `      ${line(failing.steps[1])}`,
    '    ],',
    '    "values": [',
    `      ${line(failing.values[0])}`,
    '    ],',
    '    "wakes": [',
    `      ${line(failing.wakes?.[0])}`,
    '    ],',
    `    "omitted": ${line(failing.omitted)}`,
    '  },',
    '  "waits": [',
    `    ${line(waits?.[0])}`,
    '  ],',
    `  "cycle": ${line(cycle)},`,
    `  "repeats": ${line(whole.repeats)},`,
    '  "order": [],',
    '  "frames": [',
    `    ${line(frames?.[0])}`,
    '  ]',
    '}',
    '',
  ])
  // An empty list is one as well.
  expect(failureFileText({ ...whole, failing: { ...failing, values: [] } })).toContain('    "values": [],\n')
  const all = failureFileText(whole).split('\n')
  expect(all).toContain(`    ${line(whole.timeouts?.[0])}`)
  expect(all.filter((l) => l === `      ${line(step)}`)).toHaveLength(2)
})
