import {
  choose,
  type CorpusStore,
  createTask,
  type ExploreOptions,
  external,
  gather,
  getRunningLoop,
  io,
  pause,
  type ScenarioBody,
  shared,
  sleep,
  sometimes,
  type Strategy,
  track,
} from '../../src/index.ts'

class Thrown extends Error {
  override readonly name = 'Thrown'
}

const realNow = performance.now.bind(performance)

function bad(): never {
  throw new Thrown('thrown by a callback')
}

const strategy = (parts: Partial<Strategy>): ExploreOptions => ({ strategy: { name: 'bad', begin: () => true, pick: () => 0, ...parts }, schedules: 20 })

const corpus = (parts: Partial<CorpusStore>): ExploreOptions => ({
  name: 'bad corpus',
  corpus: { load: () => [], save: () => 'id', drop: () => {}, ...parts },
})

/** A value of a type that a JavaScript user's would not be. */
function wrong<T>(value: unknown): T {
  return value as T
}

/** An object each of whose properties throws when it is read. */
function hostile<T>(target: object = {}): T {
  return new Proxy(target, { get: bad, has: bad, ownKeys: bad, getOwnPropertyDescriptor: bad, getPrototypeOf: bad }) as T
}

/** Options whose callbacks fail; made anew for each exploration. */
export const OPTIONS: Readonly<Record<string, () => ExploreOptions>> = {
  'begin() throws': () => strategy({ begin: bad }),
  'pick() throws': () => strategy({ pick: bad }),
  'pick() throws later': () => {
    let calls = 0
    return strategy({ pick: () => (++calls > 7 ? bad() : 0) })
  },
  'pick() gives NaN': () => strategy({ pick: () => Number.NaN }),
  'pick() gives an option too far': () => strategy({ pick: ({ count }) => count }),
  'pick() gives an object': () => strategy({ pick: () => wrong<number>({ valueOf: bad }) }),
  'pick() gives a thing without words': () => strategy({ pick: () => wrong<number>(hostile()) }),
  'end() throws': () => strategy({ end: bad }),
  'step() throws': () => strategy({ watches: true, step: bad }),
  'access() throws': () => strategy({ watches: true, access: bad }),
  'a strategy without properties': () => ({ strategy: hostile<Strategy>() }),
  'a strategy of getters': () => ({
    strategy: {
      get name(): string {
        return bad()
      },
      begin: () => true,
      pick: () => 0,
    },
  }),
  'setup throws': () => ({ setup: bad }),
  'setup throws null': () => ({
    setup() {
      throw null
    },
  }),
  'setup throws at its third call': () => {
    let calls = 0
    return { strategy: 'random', setup: () => (++calls === 3 ? bad() : undefined) }
  },
  'setup is asynchronous': () => ({ setup: wrong<() => void>(async () => bad()) }),
  'what setup returns throws': () => ({ setup: () => bad }),
  'what setup returns is a thenable that throws': () => ({ setup: wrong<() => void>(() => ({ then: bad })) }),
  'what setup returns throws when it is looked at': () => ({ setup: wrong<() => void>(() => hostile()) }),
  'isolate throws': () => ({ isolate: bad }),
  'isolate rejects': () => ({ isolate: async () => bad() }),
  'isolate gives no function': () => ({ isolate: wrong<() => ScenarioBody>(() => 5) }),
  'onProgress throws': () => {
    // It is called at most every 100 ms.
    const began = realNow()
    const wait = (): void => {
      while (realNow() - began < 150) continue
    }
    return { strategy: 'fifo', schedules: 50, setup: wait, bail: false, onProgress: bad }
  },
  'a signal of getters': () => ({ signal: hostile<AbortSignal>() }),
  'a signal that can not be listened to': () => ({ signal: wrong<AbortSignal>({ aborted: false, addEventListener: bad, removeEventListener: bad }) }),
  'options of getters': () => hostile<ExploreOptions>(),
  'load() throws': () => corpus({ load: bad }),
  'load() gives a number': () => corpus({ load: wrong<CorpusStore['load']>(() => 5) }),
  'load() gives entries that are none': () => corpus({ load: wrong<CorpusStore['load']>(() => [{ id: 'x', file: {} }, null]) }),
  'load() gives entries of getters': () => corpus({ load: wrong<CorpusStore['load']>(() => [hostile()]) }),
  'save() throws': () => corpus({ save: bad }),
  'save() throws a thing without words': () => corpus({ save: () => { throw hostile() } }),
}

const thenable = (then: (resolve: (value: unknown) => void, reject: (reason: unknown) => void) => void): PromiseLike<unknown> =>
  wrong<PromiseLike<unknown>>({ then })

/** A failure with this for an error, after a choice. */
const throwing = (error: () => unknown): ScenarioBody => async () => {
  await gather([pause('a'), pause('b')])
  throw error()
}

const calling = (fn: () => unknown): ScenarioBody => async () => {
  const call = io(async () => fn(), { label: 'call' })
  await gather([call(), pause('other')])
}

/** Bodies whose callbacks, values and errors fail. */
export const BODIES: Readonly<Record<string, ScenarioBody>> = {
  'io throws': async () => {
    await gather([io(bad)(), pause()])
  },
  'io rejects': calling(async () => bad()),
  'io gives a thenable that throws': calling(() => thenable(bad)),
  'io gives a thenable that settles twice': calling(() => thenable((resolve, reject) => (resolve(1), reject(new Thrown('late')), resolve(2)))),
  'io gives a thenable that never settles': calling(() => thenable(() => {})),
  'the label of io throws': async () => void (await io(() => 1, { label: bad })()),
  'the label of io is an object': async () => void (await io(() => 1, { label: wrong<string>({ toString: bad }) })()),
  'the latency of io throws': async () => void (await io(() => 1, { latency: bad })()),
  'the latency of io is NaN': async () => void (await io(() => 1, { latency: () => Number.NaN })()),
  'external throws': async () => void (await external('x', bad)),
  'a label without words': async () => void (await gather([pause(wrong<string>(hostile())), pause(wrong<string>(Symbol('x')))])),
  'an update throws': async () => void (await shared(0).update(bad)),
  'a condition throws': async () => void (await gather([shared(0).read({ when: bad }), pause()])),
  'a value whose words throw': async () => {
    const cell = shared<unknown>({ toString: bad, toJSON: bad, [Symbol.toPrimitive]: bad })
    await gather([cell.read(), cell.write(hostile()), cell.write(Object.create(null))])
    throw new Thrown('failed')
  },
  'an object whose getters throw': async () => {
    const object = track(hostile<{ x: number }>())
    await gather([pause(), pause()])
    object.x += 1
  },
  'choices whose words throw': async () => {
    choose([hostile(), { toString: bad }, Symbol('x')], 'which')
    choose([1, 2], wrong<string>(hostile()))
    throw new Thrown('failed')
  },
  'a task whose name throws': async () => void (await createTask(async () => pause(), { name: wrong<string>({ toString: bad }) })),
  'a done callback throws': async () => {
    const task = createTask(async () => pause())
    task.addDoneCallback(bad)
    await task
    await sleep(1)
  },
  'a callback throws': async () => {
    getRunningLoop().callSoon(bad)
    getRunningLoop().callLater(0, bad)
    await sleep(1)
  },
  'an exception handler throws': async () => {
    getRunningLoop().setExceptionHandler(bad)
    getRunningLoop().callSoon(bad)
    await sleep(1)
  },
  'a timer throws': async () => {
    setTimeout(bad, 1)
    setInterval(bad, 1)
    setImmediate(bad)
    queueMicrotask(bad)
    process.nextTick(bad)
    await sleep(1)
  },
  'an executor throws': async () => void (await getRunningLoop().runInExecutor(wrong<null>({ submit: bad }), () => 1)),
  'a label of sometimes is an object': async () => sometimes(true, wrong<string>({ toString: bad })),
  'awaits a thenable that throws': async () => void (await thenable(bad)),
  'awaits a thenable that settles twice': async () => {
    await gather([pause(), pause()])
    await thenable((resolve, reject) => (resolve(1), resolve(2), reject(new Thrown('late')), bad()))
  },
  'awaits a thenable that never settles': async () => void (await thenable(() => {})),
  'awaits a thenable whose then throws when it is read': async () => void (await hostile<Promise<void>>()),
  'is a thenable that throws': wrong<ScenarioBody>(() => thenable(bad)),
  'is a thenable that never settles': wrong<ScenarioBody>(() => thenable(() => {})),
  'is a thenable whose then throws when it is read': wrong<ScenarioBody>(() => hostile()),
  'gathers what throws when it is looked at': async () => void (await gather([hostile<Promise<void>>(), pause()])),
  'throws null': throwing(() => null),
  'throws undefined': throwing(() => undefined),
  'throws a symbol': throwing(() => Symbol('x')),
  'throws an object without a prototype': throwing(() => Object.create(null) as unknown),
  'throws an object without words': throwing(() => ({ toString: bad, [Symbol.toPrimitive]: bad })),
  'throws a proxy': throwing(() => hostile()),
  'throws a revoked proxy': throwing(() => {
    const { proxy, revoke } = Proxy.revocable({}, {})
    revoke()
    return proxy
  }),
  'throws an error of getters': throwing(() => Object.defineProperties(new Error('x'), { name: { get: bad }, message: { get: bad }, stack: { get: bad }, cause: { get: bad } })),
  'throws an error whose fields are no texts': throwing(() => Object.assign(new Error('x'), { name: 5, message: {}, stack: [] })),
  'throws an error that is a proxy': throwing(() => hostile(new Error('x'))),
  'throws an error that is its own cause': throwing(() => {
    const error: Error & { cause?: unknown } = new Error('x')
    error.cause = error
    return error
  }),
  'rejects with nobody to catch it': async () => {
    void Promise.reject(hostile())
    void (async () => bad())()
    await sleep(1)
  },
  'throws while it is cancelled': async () => {
    createTask(async () => {
      try {
        await pause('for ever')
        await sleep(1e9)
      } finally {
        bad()
      }
    })
    await pause()
  },
  'prepareStackTrace throws': async () => {
    const before = Object.getOwnPropertyDescriptor(Error, 'prepareStackTrace')
    Error.prepareStackTrace = bad
    try {
      await gather([pause(), pause()])
      throw new Thrown('failed')
    } finally {
      if (before === undefined) Reflect.deleteProperty(Error, 'prepareStackTrace')
      else Object.defineProperty(Error, 'prepareStackTrace', before)
    }
  },
}
