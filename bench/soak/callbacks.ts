import { check, checkSync, gather, type GeneratorBody, pause, type Report, type ScenarioBody, shared } from '../../src/index.ts'
import { runningLoop } from '../../src/loop/running.ts'
import { BODIES, OPTIONS } from './bad-callbacks.ts'
import { type Figure, grouped } from './figure.ts'

/** Milliseconds of real time after which an exploration counts as hanging. */
const PATIENCE = 20_000
const realTimeout = setTimeout
const realClear = clearTimeout

/** Callbacks of the user's that throw, lie or never come back: globals are restored, and what is explored next is unharmed. */
export const callbacks: Figure = {
  name: 'callbacks',
  full: 20,
  short: 1,
  async run(attempts, say) {
    process.on('unhandledRejection', ignore)
    const quiet = silenced()
    try {
      const before = globals()
      const expected = await control()
      const bad: string[] = []
      let runs = 0
      let threw = 0
      for (let i = 0; i < attempts; i++) {
        for (const [name, explore] of ways()) {
          runs++
          const ended = await within(explore)
          if (ended === 'threw') threw++
          if (ended === 'hangs') bad.push(`${name}: it hangs`)
          if (runningLoop() !== null) bad.push(`${name}: a loop is left running`)
          const changed = [...globals()].filter(([global, value]) => value !== before.get(global)).map(([global]) => global)
          if (changed.length > 0) bad.push(`${name}: ${changed.join(', ')} changed`)
          const after = await control()
          if (after !== expected) bad.push(`${name}: the next exploration gives ${after} instead of ${expected}`)
        }
        if (bad.length > 0) throw new Error(bad.join('\n'))
      }
      say(
        `${grouped(runs)} explorations with ${ways().length} kinds of bad callbacks: ${grouped(threw)} ended with an exception, ${grouped(runs - threw)} with a report; ` +
          'globals restored after each, the next exploration the same as ever',
      )
    } finally {
      quiet()
      process.off('unhandledRejection', ignore)
    }
  },
}

function ignore(): void {}

/** What is said on the console meanwhile is meant for the user. */
function silenced(): () => void {
  const { warn, error } = console
  console.warn = ignore
  console.error = ignore
  return () => Object.assign(console, { warn, error })
}

/** Each bad option and each bad body, under both ways to explore. */
function ways(): [string, () => Promise<Report>][] {
  const options = Object.entries(OPTIONS).flatMap(([name, make]): [string, () => Promise<Report>][] => [
    [`${name}, async`, () => check(native, make())],
    [`${name}, sync`, async () => checkSync(generators, make())],
  ])
  const bodies = Object.entries(BODIES).map(([name, body]): [string, () => Promise<Report>] => [
    name,
    () => check(body as ScenarioBody, { schedules: 20, maxSteps: 2000, strategy: 'random' }),
  ])
  return [...options, ...bodies]
}

const native = async (): Promise<void> => {
  const cell = shared(0)
  const add = async (): Promise<void> => {
    const n = await cell.read()
    await pause()
    await cell.write(n + 1)
  }
  await gather([add(), add()])
  if (cell.value !== 2) throw new Error('lost')
}

const generators: GeneratorBody = function* () {
  const cell = shared(0)
  const add = function* () {
    const n = yield* cell.read()
    yield* cell.write(n + 1)
  }
  yield* gather([add(), add()])
  if (cell.value !== 2) throw new Error('lost')
}

/** The same in words each time, unless something is left over from before. */
async function control(): Promise<string> {
  const reports = [await check(native, { strategy: 'random', seed: 1 }), checkSync(generators, { strategy: 'random', seed: 1 })]
  return reports.map((r) => `${r.schedules} ${r.steps} ${r.choicePoints} ${r.failure?.token ?? ''}`).join(', ')
}

async function within(explore: () => Promise<Report>): Promise<'threw' | 'reported' | 'hangs'> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const patience = new Promise<'hangs'>((resolve) => (timer = realTimeout(() => resolve('hangs'), PATIENCE)))
  const exploration = explore().then(
    (report) => {
      // Its words must be there whatever the error is.
      if (report.failure !== undefined && report.failure.toString().length === 0) throw new Error('a failure without words')
      return 'reported' as const
    },
    () => 'threw' as const,
  )
  try {
    return await Promise.race([exploration, patience])
  } finally {
    realClear(timer)
  }
}

const NAMES =
  'setTimeout clearTimeout setInterval clearInterval setImmediate clearImmediate queueMicrotask Date MessageChannel fetch Promise AbortSignal crypto performance process'.split(' ')

/** Everything of the host's that a run replaces, or listens to. */
function globals(): ReadonlyMap<string, unknown> {
  return new Map<string, unknown>([
    ...NAMES.map((n) => [n, Reflect.get(globalThis, n)] as const),
    ['Math.random', Math.random],
    ['performance.now', performance.now],
    ['process.nextTick', process.nextTick],
    ['process.hrtime', process.hrtime],
    ['crypto.getRandomValues', crypto.getRandomValues],
    ['crypto.randomUUID', crypto.randomUUID],
    ['AbortSignal.timeout', AbortSignal.timeout],
    ['Promise.prototype.then', Promise.prototype.then],
    ['Promise.all', Promise.all],
    ['Error.prepareStackTrace', Error.prepareStackTrace],
    ['Error.stackTraceLimit', Error.stackTraceLimit],
    ['console.warn', console.warn],
    ['listeners to uncaughtException', process.listenerCount('uncaughtException')],
    ['listeners to unhandledRejection', process.listenerCount('unhandledRejection')],
  ])
}
