import { describe, expect, test } from 'vitest'
import { checkSync, type Failure, type FailureFile, failureFileText, gather, parseFailureFile, pause, sleep } from '../../src/index.ts'
import { failureOf } from '../support/failure-of.ts'

async function lostUpdate(): Promise<void> {
  let n = 0
  const add = async () => {
    const before = n
    await pause('read')
    n = before + 1
  }
  await gather([() => add(), () => add()])
  if (n !== 2) throw new RangeError(`lost update: ${n}`)
}

const NAMED = { name: 'adds' }

/** What text becomes when it is damaged in one place. */
async function damaged(change: (file: Record<string, unknown>) => void): Promise<string> {
  const file = JSON.parse(failureFileText((await failureOf(lostUpdate, NAMED)).file)) as Record<string, unknown>
  change(file)
  return JSON.stringify(file)
}

describe('a failure file', () => {
  test('says the same as its failure', async () => {
    const failure = await failureOf(lostUpdate, NAMED)
    const { file } = failure
    expect(file).toMatchObject({
      name: 'adds',
      kind: 'error',
      error: { name: 'RangeError', message: 'lost update: 1' },
      schedule: failure.schedule,
      switches: failure.switches,
      firstToken: failure.firstToken,
    })
    expect(file.failing.token).toBe(failure.token)
    expect(file.failing.steps.map((s) => [s.step, s.task, s.label])).toEqual(
      failure.trace.steps.map((s) => [s.step, s.task, s.label]),
    )
  })

  test('comes back from its text as it was, and its text is the same each time', async () => {
    const { file } = await failureOf(lostUpdate, NAMED)
    const text = failureFileText(file)
    expect(failureFileText(parseFailureFile(text))).toBe(text)
    const again = failureFileText((await failureOf(lostUpdate, NAMED)).file)
    // The stack alone may have changed: the two calls stand on two lines.
    const { error: _, ...rest } = parseFailureFile(again)
    const { error: __, ...before } = parseFailureFile(text)
    expect(rest).toEqual(before)
  })

  test('has a line for each step, so that a review shows which have changed', async () => {
    const { file } = await failureOf(lostUpdate, NAMED)
    const lines = failureFileText(file).split('\n')
    const steps = lines.filter((l) => l.trim().startsWith('{"step":'))
    expect(steps.length).toBeGreaterThanOrEqual(file.failing.steps.length)
    expect(steps.every((l) => (l.match(/"step":/g) ?? []).length === 1)).toBe(true)
  })

  test('of a very long schedule has the beginning and the end, and says how much is missing', () => {
    const { failure } = checkSync(function* () {
      for (;;) yield* sleep(0)
    }, { maxSteps: 20_000, schedules: 1 })
    const { steps, omitted } = (failure as Failure).file.failing
    expect(steps.length + (omitted?.count ?? 0)).toBe(20_000)
    expect(steps.length).toBeLessThanOrEqual(5000)
    const at = omitted?.entry as number
    expect((steps[at]?.step as number) - (steps[at - 1]?.step as number)).toBe(1 + (omitted?.count as number))
    expect(steps.at(-1)?.step).toBe(20_000)
  })

  test('sizes count steps: an external completion and the resumption after it are one', async () => {
    const { file } = await failureOf(lostUpdate, NAMED)
    const { steps } = file.failing
    expect(steps.length).toBeGreaterThan(steps.at(-1)?.step ?? 0)
    expect(file.after.steps).toBe(steps.at(-1)?.step)
    expect(file.before.steps).toBe(file.after.steps)
  })

  test.each([
    ['an object', { code: 7 }, 'thrown', '{"code":7}'],
    ['null', null, 'thrown', 'null'],
    ['an error whose message throws', Object.defineProperty(new Error(), 'message', { get: () => { throw new Error('no') } }), 'Error', ''],
  ])('is made of whatever was thrown: %s', async (_, thrown, name, message) => {
    const { file } = await failureOf(async () => {
      await pause()
      throw thrown
    })
    expect(file.error).toMatchObject({ name, message })
    expect(parseFailureFile(failureFileText(file)).error).toMatchObject({ name, message })
  })
})

describe('a file from somewhere else', () => {
  test.each([
    ['cut short', async () => failureFileText((await failureOf(lostUpdate, NAMED)).file).slice(0, 300), /no JSON.*cut short/],
    ['empty', async () => '', /no JSON/],
    ['a list', async () => '[]', /must be an object/],
    ['another format', async () => damaged((f) => { f['format'] = 'junit' }), /'format'/],
    ['a newer version', async () => damaged((f) => { f['version'] = 2 }), /version 2.*use the Heddle that wrote it/],
    ['without its token', async () => damaged((f) => { delete (f['failing'] as Record<string, unknown>)['token'] }), /'failing\.token' is missing/],
    ['a kind that there is not', async () => damaged((f) => { f['kind'] = 'bad luck' }), /'kind' must be one of error, deadlock/],
    ['a step that is none', async () => damaged((f) => { (f['failing'] as { steps: unknown[] }).steps[1] = 7 }), /'failing\.steps\[1\]' must be an object, and is 7/],
    ['an index that points nowhere', async () => damaged((f) => { f['repeats'] = { entry: 9999, length: 1, times: 3 } }), /'repeats\.entry' must be below/],
  ])('%s: it says what is wrong, where, and what to do', async (_, text, expected) => {
    const read = await text()
    expect(() => parseFailureFile(read)).toThrow(expected)
    expect(() => parseFailureFile(read)).toThrow(/delete it and explore again/)
    expect(() => parseFailureFile(read)).toThrow(expect.objectContaining({ name: 'InvalidFailureFileError' }) as Error)
  })

  test('brings nothing with it that is not in the form', async () => {
    const text = (await damaged((f) => { f['extra'] = 1 })).replace('"extra":1', '"__proto__":{"polluted":1},"constructor":{"x":1}')
    const file = parseFailureFile(text) as FailureFile & { polluted?: unknown }
    expect(file.polluted).toBeUndefined()
    expect(({} as { polluted?: unknown }).polluted).toBeUndefined()
    expect(Object.getPrototypeOf(file)).toBe(Object.prototype)
    expect(Object.hasOwn(file, 'constructor')).toBe(false)
    const inherited = JSON.stringify({ ...JSON.parse(text) as object, name: undefined })
    expect(() => parseFailureFile(inherited)).toThrow(/'name' is missing/)
  })
})
