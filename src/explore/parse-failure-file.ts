import type {
  CodeFrame,
  CodePlace,
  FailureFile,
  RepeatRecord,
  ScheduleRecord,
  SizeRecord,
  StepRecord,
  TimeoutRecord,
  ValueRecord,
  WaitRecord,
  WakeRecord,
} from './failure-file.ts'
import { InvalidFailureFileError, Reader } from './json-reader.ts'
import type { FailureKind } from './report.ts'
import type { StaleAccess, StaleWriteRecord } from './stale-write.ts'

const KINDS: readonly FailureKind[] = [
  'error',
  'deadlock',
  'step-limit',
  'leak',
  'unhandled',
  'escape',
  'nondeterminism',
  'never',
]

/**
 * Reads a failure file. It is data from somewhere else: every field is checked, what is not known is left out, and
 * nothing in it is run.
 *
 * @throws InvalidFailureFileError that says what is wrong, where, and what to do
 * @example
 * ```ts
 * const file = parseFailureFile(await readFile('.heddle/transfer-1a2b3c4d.json', 'utf8'))
 * ```
 */
export function parseFailureFile(text: string): FailureFile {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch (error) {
    throw new InvalidFailureFileError(`it is no JSON (${error instanceof Error ? error.message : String(error)}); perhaps it was cut short`)
  }
  return toFailureFile(value)
}

/** The same for JSON that is parsed already, a part of a larger file. @throws InvalidFailureFileError */
export function toFailureFile(value: unknown): FailureFile {
  const r = new Reader(value, '')
  if (r.optional('format')?.raw !== 'heddle-failure') throw new InvalidFailureFileError("its field 'format' is not 'heddle-failure'")
  const version = r.at('version').whole()
  if (version !== 1) {
    throw new InvalidFailureFileError(`it has version ${version}, and this Heddle reads version 1: use the Heddle that wrote it`)
  }
  const failing = schedule(r.at('failing'))
  const error = r.at('error')
  return {
    format: 'heddle-failure',
    version: 1,
    name: r.at('name').text(),
    kind: r.at('kind').oneOf(KINDS),
    error: {
      name: error.at('name').text(),
      message: error.at('message').text(),
      stack: error.optional('stack')?.text(),
    },
    schedule: r.at('schedule').whole(),
    strategy: r.at('strategy').text(),
    seed: r.at('seed').whole(),
    switches: r.at('switches').whole(),
    before: size(r.at('before')),
    after: size(r.at('after')),
    incomplete: r.optional('incomplete')?.flag(),
    firstToken: r.at('firstToken').text(),
    failing,
    passing: r.optional('passing')?.map((p) => {
      const passes = schedule(p)
      return { ...passes, words: p.at('words').text(), entry: p.at('entry').index(passes.steps.length) }
    }),
    waits: r.optional('waits')?.list(wait),
    cycle: r.optional('cycle')?.list((x) => x.text()),
    timeouts: r.optional('timeouts')?.list(timeout),
    repeats: r.optional('repeats')?.map((x) => repeats(x, failing.steps.length)),
    order: r.optional('order')?.list((x) => x.text()),
    stale: r.optional('stale')?.map(staleWrite),
    frames: r.optional('frames')?.list(frame),
  }
}

function size(r: Reader): SizeRecord {
  return {
    switches: r.at('switches').whole(),
    picks: r.at('picks').whole(),
    steps: r.at('steps').whole(),
    tasks: r.optional('tasks')?.whole(),
  }
}

function schedule(r: Reader): ScheduleRecord {
  const steps = r.at('steps').list(step)
  return {
    token: r.at('token').text(),
    steps,
    values: r.at('values').list((x) => valueOf(x, steps.length)),
    wakes: r.optional('wakes')?.list((x) => wake(x, steps.length)),
    omitted: r.optional('omitted')?.map((x) => ({ entry: x.at('entry').index(steps.length), count: x.at('count').whole() })),
  }
}

function step(r: Reader): StepRecord {
  return {
    step: r.at('step').whole(),
    time: r.at('time').number(),
    kind: r.at('kind').oneOf(['handle', 'external', 'clock', 'value']),
    task: r.optional('task')?.text(),
    lane: r.optional('lane')?.whole(),
    label: r.optional('label')?.text(),
    choice: r.optional('choice')?.map((c) => ({
      pick: c.at('pick').whole(),
      count: c.at('count').whole(),
      options: c.at('options').list((x) => x.text()),
    })),
    preemption: r.at('preemption').flag(),
    at: r.optional('at')?.map(place),
  }
}

function valueOf(r: Reader, steps: number): ValueRecord {
  return {
    entry: r.at('entry').index(steps),
    name: r.at('name').text(),
    kind: r.at('kind').oneOf(['read', 'write']),
    value: r.at('value').text(),
    at: r.optional('at')?.map(place),
  }
}

function wake(r: Reader, steps: number): WakeRecord {
  const entry = r.at('entry').index(steps)
  return { entry, by: r.at('by').index(entry), how: r.at('how').text(), at: r.optional('at')?.map(place) }
}

function wait(r: Reader): WaitRecord {
  return {
    task: r.at('task').text(),
    waitsFor: r.at('waitsFor').text(),
    blockedBy: r.at('blockedBy').list((x) => x.text()),
    holds: r.at('holds').list((x) => x.text()),
    waitsAt: r.optional('waitsAt')?.map(place),
    createdAt: r.optional('createdAt')?.map(place),
  }
}

function timeout(r: Reader): TimeoutRecord {
  return {
    task: r.at('task').text(),
    time: r.at('time').number(),
    waitsFor: r.at('waitsFor').text(),
    waitsAt: r.optional('waitsAt')?.map(place),
  }
}

function repeats(r: Reader, steps: number): RepeatRecord {
  return { entry: r.at('entry').index(steps), length: r.at('length').whole(), times: r.at('times').whole() }
}

function staleWrite(r: Reader): StaleWriteRecord {
  return {
    name: r.at('name').text(),
    read: staleAccess(r.at('read')),
    between: staleAccess(r.at('between')),
    written: staleAccess(r.at('written')),
  }
}

function staleAccess(r: Reader): StaleAccess {
  return { lane: r.at('lane').whole(), task: r.optional('task')?.text(), at: place(r.at('at')) }
}

function frame(r: Reader): CodeFrame {
  return { at: place(r.at('at')), text: r.at('text').text(), note: r.optional('note')?.text() }
}

function place(r: Reader): CodePlace {
  return {
    file: r.at('file').text(),
    line: r.at('line').whole(),
    column: r.optional('column')?.whole(),
    function: r.optional('function')?.text(),
  }
}
