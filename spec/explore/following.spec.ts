import { describe, expect, test } from 'vitest'
import type { ScheduleRecord } from '../../src/explore/failure-file.ts'
import { Following } from '../../src/explore/following.ts'
import { encodeToken } from '../../src/explore/token.ts'
import type { TraceStep } from '../../src/explore/trace.ts'
import type { Option } from '../../src/loop/runnable.ts'
import { handle, pointOf, values } from '../strategies/points.ts'

/** The borders of following a schedule that was kept: long ones, damaged ones, programs that do more or less than then. */

const choice = (pick: number, ...options: string[]): TraceStep['choice'] => ({ pick, count: options.length, options })
const step = (n: number, task: string, label: string, at?: TraceStep['choice']): TraceStep => ({ step: n, time: 0, kind: 'handle', task, lane: n, label, choice: at, preemption: false })
const of = (task: string, label: string): Option => handle(task.charCodeAt(0), { task, label })
const loop = { time: () => 0 }
const keptOf = (steps: TraceStep[], more: Partial<ScheduleRecord> = {}): ScheduleRecord => ({ token: 'gone', steps, values: [], ...more })
const letters = (count: number): Option[] => values(count).options.map((o) => ({ ...o, label: 'letter' }))

function run(f: Following, ...options: Option[]): string {
  const option = options.length === 1 ? options[0] : options[f.choose(pointOf(options))]
  if (option === undefined) return '?'
  if (option.kind !== 'value') f.step(option, loop)
  return `${option.task}`
}

describe('a schedule that was kept', () => {
  test('whose program does more now is followed to its end, and is FIFO from there', () => {
    const f = new Following(keptOf([step(1, 'main', 'start'), step(2, 'b', 'y', choice(1, 'a x', 'b y'))]))
    const ran = [run(f, of('main', 'start')), run(f, of('a', 'x'), of('b', 'y')), run(f, of('c', 'z'), of('a', 'x')), run(f, of('a', 'x'))]
    expect([ran, f.followed, f.differs, f.fellShort]).toEqual([['main', 'b', 'c', 'a'], 2, null, false])
  })

  test('that has no choice where there is one now, or another number of options, is another program from there', () => {
    const forced = new Following(keptOf([step(1, 'a', 'x'), step(2, 'b', 'y')]))
    expect([run(forced, of('b', 'y'), of('a', 'x')), forced.differs]).toEqual(['a', 1])
    const fewer = new Following(keptOf([step(1, 'main', 'start'), step(2, 'b', 'y', choice(1, 'a x', 'b y'))]))
    run(fewer, of('main', 'start'))
    expect([run(fewer, of('c', 'z'), of('b', 'y'), of('a', 'x')), fewer.differs]).toEqual(['b', 2])
  })

  test('whose pick is not there any more goes on by labels', () => {
    const f = new Following(keptOf([step(1, 'c', 'z', choice(2, 'a x', 'b y', 'c z')), step(2, 'b', 'y')]))
    expect([f.choose(pointOf([of('a', 'x'), of('b', 'y')])), f.differs]).toEqual([1, 1])
  })

  test('of two options by the same name has the first that is ready', () => {
    const f = new Following(keptOf([step(1, 'main', 'start'), step(2, 'b', 'y')]))
    run(f, of('main', 'changed'))
    expect(f.choose(pointOf([of('a', 'x'), of('b', 'y'), of('b', 'y')]))).toBe(1)
  })

  test('with two steps of one name knows when each of them came', () => {
    const f = new Following(keptOf([step(1, 'main', 'start'), step(2, 'a', 'x'), step(3, 'b', 'y'), step(4, 'a', 'x'), step(5, 'c', 'z')]))
    run(f, of('main', 'changed'))
    const [first, ...others] = [of('a', 'x'), of('b', 'y'), of('c', 'z')]
    const ran = [run(f, ...others.toReversed(), first), run(f, ...others.toReversed(), first), run(f, ...others.toReversed(), first)]
    expect([ran, f.followed]).toEqual([['a', 'b', 'a'], 3])
  })

  test('with a choice of very many is followed also where the words for what was picked are not kept', () => {
    const many = Array.from({ length: 20 }, (_, i) => of(`t${i}`, 'x'))
    const written = { pick: 17, count: 20, options: many.slice(0, 16).map((o) => `${o.task} x`) }
    const f = new Following(keptOf([step(1, 't17', 'x', written), step(2, 't3', 'x', { ...written, pick: 3 })]))
    expect([run(f, ...many), run(f, ...many), f.differs, f.fellShort]).toEqual(['t17', 't3', null, false])
  })

  test('that was too long to be kept whole takes the token’s picks where its steps are left out', () => {
    const shape = { permute: 'tasks', awaits: 'slow', leaks: 'error', maxSteps: 9, cancel: null, faults: 1, globals: undefined } as const
    const picks = new Map([[0, 1], [1, 1], [2, 1]])
    const token = encodeToken({ name: '', shape, picks, choices: 3, steps: 0, marks: new Uint8Array(), fingerprint: 0 })
    const steps = [step(1, 'b', 'y', choice(1, 'a x', 'b y')), step(4, 'd', 'w', choice(1, 'c z', 'd w'))]
    const f = new Following(keptOf(steps, { token, omitted: { entry: 1, count: 2 } }))
    const ran = [run(f, of('a', 'x'), of('b', 'y')), run(f, of('e', 'e'), of('f', 'f')), run(f, of('g', 'g'), of('h', 'h')), run(f, of('i', 'i'))]
    expect([ran, f.differs, f.fellShort]).toEqual([['b', 'f', 'h', 'i'], null, false])
  })

  test('knows values by their names, and what was picked then', () => {
    const value = (pick: number): TraceStep => ({ ...step(2, 'x', 'letter', choice(pick, 'letter', 'letter', 'letter')), kind: 'value', task: undefined })
    const f = new Following(keptOf([step(1, 'main', 'start'), value(2), step(3, 'a', 'x')]))
    run(f, of('main', 'changed'))
    const others = letters(3).map((o) => ({ ...o, label: 'digit' }))
    expect([f.choose(pointOf(others)), f.followed]).toEqual([0, 0])
    expect([f.choose(pointOf(letters(3))), f.followed]).toEqual([2, 1])
    // It has come: the next one by that name is a new one.
    expect([f.choose(pointOf(letters(3))), f.followed]).toEqual([0, 1])
    // A label without a name is a name as well.
    const nameless = new Following(keptOf([step(1, 'main', 'start'), { ...value(1), label: undefined }]))
    run(nameless, of('main', 'changed'))
    expect([nameless.choose(values(2)), nameless.followed]).toEqual([1, 1])
  })

  test('with a value that has lost what was picked is no obstacle', () => {
    const f = new Following(keptOf([step(1, 'main', 'start'), { ...step(2, 'x', 'letter'), kind: 'value', task: undefined }]))
    run(f, of('main', 'changed'))
    expect(f.choose(pointOf(letters(2)))).toBe(0)
  })

  test('parts from the program at its very first step', () => {
    const f = new Following(keptOf([step(1, 'a', 'x', choice(0, 'a x', 'b y')), step(2, 'b', 'y')]))
    expect([run(f, of('c', 'z'), of('b', 'y')), f.differs, f.followed]).toEqual(['b', 1, 1])
  })
})
