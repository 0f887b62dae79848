import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import type { Fault } from '../../src/explore/execution.ts'
import type { CodeFrame, CodePlace, WaitRecord } from '../../src/explore/failure-file.ts'
import { type Findings, findingsOf, framesOfCause, framesOfNever } from '../../src/explore/findings.ts'
import { host, provideHost } from '../../src/explore/host.ts'
import type { Recording } from '../../src/explore/recording.ts'
import type { FailureKind } from '../../src/explore/report.ts'
import type { AccessRecord } from '../../src/explore/stale-write.ts'
import type { TraceStep } from '../../src/explore/trace.ts'

/** Which lines of code are shown with a failure, in which order, and what is said of each. */

const before = host()
beforeEach(() => provideHost({ ...before, codeFrame: ({ line }) => (line < 900 ? `code ${line}` : null) }))
afterEach(() => provideHost(before))

const at = (line: number): CodePlace => ({ file: 'f.ts', line })
const step = (parts: Partial<TraceStep>): TraceStep => ({ step: 1, time: 0, kind: 'handle', task: 'a', lane: 1, label: undefined, choice: undefined, preemption: false, ...parts })
const choice = (pick: number, ...options: string[]): TraceStep['choice'] => ({ pick, count: options.length, options })
const thrown = (line: number): Error => Object.assign(new Error('x'), { stack: `Error: x\n    at pay (f.ts.none)\n    at pay (/f.ts:${line}:1)` })

interface Parts {
  readonly steps?: readonly TraceStep[]
  readonly places?: readonly (CodePlace | undefined)[]
  readonly waits?: readonly WaitRecord[]
  readonly timeouts?: Recording['timeouts']
  readonly wakes?: Recording['wakes']
  readonly accesses?: readonly AccessRecord[]
}
const recordingOf = ({ steps = [], places = [], waits = [], timeouts = [], wakes = [], accesses = [] }: Parts): Recording =>
  ({ tracer: { steps }, places, waits, timeouts, wakes, accesses, values: [], sometimes: new Map() }) as unknown as Recording
const found = (kind: FailureKind, parts: Parts, error: unknown = new Error('none'), passing?: Findings['passing']): Findings => findingsOf({ kind, error } as Fault, recordingOf(parts), passing)
const framesIn = (frames: readonly CodeFrame[] | undefined): unknown => frames?.map((f) => [f.at.line, f.note])
const frames = (...args: Parameters<typeof found>): unknown => framesIn(found(...args).frames)
const stackless = Object.defineProperty(new Error('none'), 'stack', { value: undefined })

const wait = (task: string, line: number | undefined, more: Partial<WaitRecord> = {}): WaitRecord => ({ task, waitsFor: 'x', blockedBy: [], holds: [], waitsAt: line === undefined ? undefined : at(line), ...more })

describe('who waits', () => {
  const waits = [wait('free', 1, { blockedBy: ['holder'] }), wait('holder', 2, { holds: ['Lock'], blockedBy: ['free'] }), wait('made', undefined, { createdAt: at(3) })]

  test('is told of a deadlock, a leak and an escape: those first that hold something', () => {
    expect(frames('deadlock', { waits }, stackless)).toEqual([[2, 'holder waits here for ever'], [1, 'free waits here for ever'], [3, 'made was made here']])
    expect(frames('leak', { waits }, stackless)).toEqual([[2, 'holder waits here still'], [1, 'free waits here still'], [3, 'made was made here']])
    expect(frames('escape', { waits }, stackless)).toEqual([[2, 'holder waits here'], [1, 'free waits here'], [3, 'made was made here']])
  })

  test('and of nothing else', () => {
    for (const kind of ['error', 'unhandled', 'step-limit', 'never', 'nondeterminism'] as const) expect([frames(kind, { waits }, stackless), found(kind, { waits }, stackless).waits]).toEqual([undefined, undefined])
    expect(found('deadlock', { waits }).waits).toBe(waits)
    expect(found('deadlock', {}).waits).toBeUndefined()
  })

  test('in a circle, of a deadlock', () => {
    expect([found('deadlock', { waits }).cycle, found('leak', { waits }).cycle]).toEqual([['free', 'holder'], undefined])
  })
})

describe('what went wrong', () => {
  test('where an error was thrown, unless that is nobody’s line', () => {
    for (const kind of ['error', 'unhandled'] as const) expect(frames(kind, {}, thrown(7))).toEqual([[7, 'it fails here']])
    for (const kind of ['deadlock', 'leak', 'step-limit'] as const) expect(frames(kind, {}, thrown(7))).toBeUndefined()
    for (const error of [stackless, 'text', null]) expect(frames('error', {}, error)).toBeUndefined()
  })

  test('a time limit: where its task was', () => {
    const timeouts = [{ task: 'b', time: 1, waitsFor: 'x', waitsAt: at(4) }]
    expect(frames('error', { timeouts }, thrown(5))).toEqual([[4, 'b waited here when its time ran out'], [5, 'it fails here']])
    expect([found('error', { timeouts }).timeouts, found('error', {}).timeouts]).toEqual([timeouts, undefined])
  })

  test('a fault or a cancellation: the wait that it ends', () => {
    const disturbance = (pick: number, label: string | undefined, ...options: string[]): TraceStep => step({ kind: 'value', label, choice: choice(pick, ...options) })
    const around = (d: TraceStep): Parts => ({
      steps: [step({ label: 'charge' }), d, step({ label: undefined }), step({ label: 'other' }), step({ label: 'charge' }), step({ label: 'charge' })],
      places: [at(1), at(9), at(2), at(3), at(4), at(5)],
    })
    const noted = (d: TraceStep): unknown => (frames('error', around(d), stackless) as unknown[]).filter((f) => (f as unknown[])[1] !== undefined)
    expect(noted(disturbance(1, 'charge: lost', 'charge goes well', 'charge: lost'))).toEqual([[4, 'charge: lost']])
    // What goes well, a plain choice of a value, what has no name, and what nobody waits for.
    expect(noted(disturbance(0, 'charge goes well', 'charge goes well', 'charge: lost'))).toEqual([])
    expect(noted(disturbance(1, 'charge', 'charge', 'charge'))).toEqual([])
    expect(noted(disturbance(1, undefined, 'a', 'b'))).toEqual([])
    expect(noted(disturbance(1, 'nobody: lost', 'a', 'b'))).toEqual([])
    expect(noted(step({ label: 'charge', choice: choice(1, 'a', 'b') }))).toEqual([])
    expect(noted(step({ kind: 'value', label: 'charge' }))).toEqual([])
    const placeless = { ...around(disturbance(1, 'charge: lost', 'a', 'b')), places: [at(1), undefined, at(2), at(3), undefined, at(5)] }
    expect((frames('error', placeless, stackless) as unknown[])[0]).toEqual([5, 'charge: lost'])
  })

  test('a switch: where a lane was left, and where the other one went on', () => {
    const steps = [step({}), step({ lane: undefined, task: undefined }), step({ lane: 2, task: 'b', preemption: true }), step({ lane: 2, task: 'b' }), step({})]
    const places = [at(1), at(2), at(3), at(4), at(5)]
    const noted = [[5, 'a is left here, though it could go on'], [3, 'b goes on from here instead']]
    expect((frames('error', { steps, places }, stackless) as unknown[]).slice(0, 3)).toEqual([...noted, [1, undefined]])
    // A task that starts has no line yet; a lane that is left for good has none either; a callback has no name.
    expect((frames('error', { steps: steps.with(2, step({ lane: 2, task: 'b', preemption: true, label: 'start' })), places }, stackless) as unknown[]).slice(0, 2)).toEqual([noted[0], [1, undefined]])
    expect((frames('error', { steps: steps.slice(0, 4), places }, stackless) as unknown[]).slice(0, 2)).toEqual([noted[1], [1, undefined]])
    const nameless = steps.map((s) => ({ ...s, task: undefined }))
    expect((frames('error', { steps: nameless, places }, stackless) as unknown[]).slice(0, 2)).toEqual([[5, 'it is left here, though it could go on'], [3, 'it goes on from here instead']])
    expect(frames('step-limit', { steps, places }, stackless)).toEqual([1, 2, 3, 4, 5].map((line) => [line, undefined]))
  })

  test('a circle: the lines of one round', () => {
    const steps = ['x', 'a', 'b', 'a', 'b', 'a', 'b'].map((label, i) => step({ step: i, label, task: label === 'b' ? undefined : 'a' }))
    const places = steps.map((_, i) => at(i + 1))
    expect(found('step-limit', { steps, places }).repeats).toEqual({ entry: 5, length: 2, times: 3 })
    expect((frames('step-limit', { steps, places }) as unknown[]).slice(0, 3)).toEqual([[6, 'a comes by here again and again'], [7, 'a callback comes by here again and again'], [1, undefined]])
    expect(found('error', { steps, places }).repeats).toBeUndefined()
    expect(found('step-limit', { steps: steps.slice(0, 3) }).repeats).toBeUndefined()
  })

  test('a broken atomic section is told of errors', () => {
    const access = (kind: 'read' | 'write', lane: number, line: number): AccessRecord => ({ object: 1, kind, name: 'n', at: at(line), task: 't', strand: { lane } })
    const accesses = [access('read', 1, 1), access('write', 2, 2), access('write', 1, 3)]
    for (const kind of ['error', 'unhandled'] as const) expect(found(kind, { accesses }).stale?.written.at.line).toBe(3)
    for (const kind of ['deadlock', 'leak'] as const) expect(found(kind, { accesses }).stale).toBeUndefined()
  })
})

describe('the lines', () => {
  const places = Array.from({ length: 40 }, (_, i) => at(i + 1))

  test('are four that matter, and more for a page that shows each step: each once, and those only that can be read', () => {
    const waits = [at(901), at(50), at(50), at(51), at(52), at(53), at(54)].map((p, i) => wait(`t${i}`, p.line))
    const lines = found('leak', { waits, places }).frames ?? []
    expect(framesIn(lines)).toEqual([[50, 't1 waits here still'], [51, 't3 waits here still'], [52, 't4 waits here still'], [53, 't5 waits here still'], ...Array.from({ length: 20 }, (_, i) => [i + 1, undefined])])
    expect(lines[0]).toEqual({ at: at(50), text: 'code 50', note: 't1 waits here still' })
  })

  test('of the same number in two files are two', () => {
    const other = { file: 'g.ts', line: 1 }
    expect(found('error', { places: [at(1), other, at(1)] }, stackless).frames?.map((f) => f.at)).toEqual([at(1), other])
  })

  test('are those of the schedule, of the one that passes, and of who made whom ready', () => {
    const passing = { token: 't', values: [], words: 'x', entry: 0, steps: [{ ...step({}), at: at(2) }] }
    const wakes = [{ entry: 1, by: 0, how: 'x', at: at(3) }]
    expect(frames('error', { places: [at(1), undefined], wakes }, stackless, passing)).toEqual([[1, undefined], [2, undefined], [3, undefined]])
    const findings = found('error', { places: [at(1)], wakes }, stackless, passing)
    expect(findings).toMatchObject({ passing, wakes, places: [at(1)], values: [] })
  })

  test('where conditions never held', () => {
    const recording = { ...recordingOf({}), sometimes: new Map([['full "up"', at(5)], ['empty', at(6)]]) } as unknown as Recording
    expect(framesIn(framesOfNever(recording, ['empty', 'full "up"', 'gone']))).toEqual([[6, '"empty" never holds here'], [5, '"full \\"up\\"" never holds here']])
    expect(framesOfNever(recording, [])).toBeUndefined()
  })

  test('where one of two runs failed', () => {
    expect(framesIn(framesOfCause(new Error('two', { cause: thrown(8) })))).toEqual([[8, 'it failed here, in one of the two runs']])
    expect([framesOfCause(new Error('two')), framesOfCause('text')]).toEqual([undefined, undefined])
  })
})
