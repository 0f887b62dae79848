/**
 * Calls back once the microtask queue (and Node's nextTick queue) is empty: the way to know that native
 * `async` code has come to rest.
 *
 * Where there is setImmediate it is armed in batches. All immediates of one batch run in one turn of the host's
 * event loop, and the host drains the microtask queue between any two of them, so that each one is an exact
 * macrotask border at a fraction of a turn's cost. A border that is not needed any more does nothing.
 *
 * A border runs in the surroundings (the host's AsyncLocalStorage) in which its batch was armed. Entering them anew for each
 * step would cost as much as a small step does, so whoever needs certain ones says which, and asks whether they hold.
 */
type Callback = () => void

const BATCH = 32

const waiting: Callback[] = []
let next = 0
let armed = 0
/** What the surroundings of the armed batch are known as. */
let surroundings: object | null = null

interface Timers {
  readonly setImmediate?: (f: Callback) => unknown
}

interface Surroundings extends Timers {
  readonly process?: { getBuiltinModule?(name: string): Timers | undefined }
}

// Taken once, before anybody can patch them. A page that is played in Node (Jest's jsdom) has no setImmediate, and Node has.
const { setImmediate: ofGlobals, process } = globalThis as Surroundings
const hostSetImmediate = ofGlobals ?? process?.getBuiltinModule?.('node:timers')?.setImmediate
const hostSetTimeout = setTimeout

let arming = false

/** Whether the host's immediate that is being made is one of these borders. Its callback does not tell: setImmediate may be another library's by now. */
export function isArming(): boolean {
  return arming
}

function fire(): void {
  armed--
  if (next >= waiting.length) return
  const callback = waiting[next++] as Callback
  if (next === waiting.length) {
    waiting.length = 0
    next = 0
  }
  if (armed === 0 && waiting.length > 0 && hostSetImmediate !== undefined) arm(hostSetImmediate)
  callback()
}

let streak = 0

function arm(set: (f: Callback) => unknown): void {
  // Short runs should not pay for borders they never use: the batch doubles while it is used up.
  streak = Math.min(BATCH, streak * 2 || 2)
  armed = streak
  arming = true
  for (let i = 0; i < streak; i++) set(fire)
  arming = false
}

/** Where there is none. A timeout of 0 is as good a border as a message, and comes later. */
function inTurns(): (callback: Callback) => void {
  if (typeof MessageChannel !== 'function') return (callback) => void hostSetTimeout(callback, 0)
  const channel = new MessageChannel()
  const queue: Callback[] = []
  channel.port1.addEventListener('message', () => queue.shift()?.())
  channel.port1.start()
  return (callback) => {
    queue.push(callback)
    channel.port2.postMessage(null)
  }
}

/** Whether the border that is being passed was armed in these surroundings. */
export function isIn(wanted: object | null): boolean {
  return surroundings === wanted
}

/**
 * Calls `callback` after every microtask that is queued now or will be queued by those. `here`: what the surroundings of the
 * caller are to be known as, if they are to be known.
 */
export const afterQuiescence: (callback: Callback, here?: object | null) => void =
  hostSetImmediate === undefined
    ? inTurns()
    : (callback, here = null) => {
        waiting.push(callback)
        if (armed > 0) return
        surroundings = here
        arm(hostSetImmediate)
      }
