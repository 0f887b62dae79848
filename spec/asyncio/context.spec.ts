import { expect, test } from 'vitest'
import { Context, ContextVar, copyContext, createTask, Future, gather, LookupError, newEventLoop, run, runSync, sleep, ValueError } from '../../src/index.ts'
import { both, on } from './both.ts'
import { loop, raise } from './scripts.ts'

both('R030 callbacks see the context of their registration, tasks that of their creation', [[2, 'at registration'], [3, 'task copy'], 'outer'], function* (w) {
  const v = new ContextVar<string>('v', { default: 'none' })
  v.set('at registration')
  loop().callSoon(() => w.at(v.get()))
  v.set('outer')
  yield* on(
    w.task(function* () {
      v.set('task copy')
      yield* on(sleep(0))
      w.at(v.get())
    }),
  )
  w.log.push(v.get())
})

both('R030 tasks side by side do not see each other’s values', [['a', 'b', 'c'], 'none'], function* (w) {
  const v = new ContextVar<string>('v', { default: 'none' })
  const tasks = ['a', 'b', 'c'].map((name) =>
    w.task(function* () {
      v.set(name)
      yield* on(sleep(1))
      yield* on(sleep(0))
      return v.get()
    }),
  )
  w.log.push(yield* on(gather(tasks)), v.get())
})

both('R035 the exception handler runs in the context of the handle', ['in the context of the handle', 'outside'], function* (w) {
  const v = new ContextVar<string>('v', { default: 'outside' })
  loop().setExceptionHandler(() => w.log.push(v.get()))
  const context = copyContext()
  context.run(() => v.set('in the context of the handle'))
  context.run(() => loop().callSoon(() => raise(new ValueError())))
  yield* on(sleep(0))
  w.log.push(v.get())
})

both('R055 a done callback runs in the context of its registration, or in the one given', ['registration', 'given'], function* (w) {
  const v = new ContextVar<string>('v', { default: 'none' })
  const f = new Future<number>()
  v.set('registration')
  f.addDoneCallback(() => w.log.push(v.get()))
  const context = new Context()
  context.run(() => v.set('given'))
  f.addDoneCallback(() => w.log.push(v.get()), { context })
  v.set('later')
  f.setResult(1)
  yield* on(sleep(0))
})

test('R101 a task and a handle know their contexts', () => {
  const v = new ContextVar<number>('v')
  runSync(function* () {
    v.set(1)
    const context = new Context()
    const t = createTask(() => v.get(7), { context })
    const h = loop().callSoon(() => {})
    v.set(2)
    expect([t.getContext() === context, h.getContext().get(v)]).toEqual([true, 1])
    expect(yield* t).toBe(7)
  })
})

test('get, set, reset', () => {
  const v = new ContextVar<number>('v')
  expect(() => v.get()).toThrow(LookupError)
  expect(v.get(5)).toBe(5)
  const context = new Context()
  context.run(() => {
    const first = v.set(1)
    const second = v.set(2)
    v.reset(second)
    expect(v.get()).toBe(1)
    expect(() => v.reset(second)).toThrow('used already')
    v.reset(first)
    expect(v.get(0)).toBe(0)
    v.set(3)
  })
  expect([context.get(v), context.has(v), context.size, context.copy().get(v), v.get(0)]).toEqual([3, true, 1, 3, 0])
  const token = context.run(() => v.set(4))
  expect(() => v.reset(token)).toThrow('different context')
  expect(() => context.run(() => context.run(() => 1))).toThrow('cannot enter context')
})

test('native async functions keep the context of their task over an await', async () => {
  const v = new ContextVar<string>('v', { default: 'none' })
  const log: string[] = []
  await run(async () => {
    const body = (name: string) => async () => {
      v.set(name)
      await sleep(1)
      await Promise.resolve()
      log.push(v.get())
    }
    await gather([body('a'), body('b')])
    log.push(v.get())
  })
  expect(log).toEqual(['a', 'b', 'none'])
  expect(newEventLoop().createTask(sleep(0)).getContext().size).toBe(0)
})
