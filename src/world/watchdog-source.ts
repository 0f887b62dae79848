/**
 * What the watchdog's thread runs, as text, so that it needs no file of its own and no loader. It looks every now and then
 * whether the program's thread has moved on; if it has not for the whole limit, it halts that thread through the inspector
 * (a worker by way of the main thread, the protocol's domain NodeWorker), asks it where it is and what was being explored,
 * prints that, and ends the process with 2.
 *
 * Memory: [0] counts turns, [1] is 1 while something is explored, [2] the limit in milliseconds.
 */
export const WATCHDOG_SOURCE = `
const { workerData } = require('node:worker_threads')
const { writeSync } = require('node:fs')
const { Session } = require('node:inspector')
const memory = new Int32Array(workerData.memory)
let seen = -1
let since = Date.now()
const end = () => process.kill(process.pid, 'SIGKILL')
const report = (said, place) => {
  writeSync(2, '\\nheddle: ' + said + (place === '' ? '' : '\\n' + place) + '\\n')
}
function where(frames) {
  return frames
    .filter((f) => f.url !== '' && !f.url.startsWith('node:') && !f.url.startsWith(workerData.own))
    .slice(0, 10)
    .map((f) => '    at ' + (f.functionName || '(anonymous)') + ' (' + f.url + ':' + (f.location.lineNumber + 1) + ':' + (f.location.columnNumber + 1) + ')')
    .join('\\n')
}
// How to talk to the thread that stands still: at once if it is the main one, else through that.
function connect(ready) {
  const session = new Session()
  session.connectToMainThread()
  if (workerData.thread === 0) {
    return ready({
      post: (method, params, done) => session.post(method, params, done),
      on: (event, listener) => session.on(event, ({ params }) => listener(params)),
      exit: (halted) => halted('globalThis.process.reallyExit(2)'),
    })
  }
  const answers = new Map()
  const listeners = new Map()
  let sent = 0
  session.on('NodeWorker.receivedMessageFromWorker', ({ params }) => {
    const { id, method, params: told, result } = JSON.parse(params.message)
    if (id === undefined) return listeners.get(method)?.(told)
    answers.get(id)?.(result === undefined ? new Error('refused') : null, result)
    answers.delete(id)
  })
  session.on('NodeWorker.attachedToWorker', ({ params: { sessionId, workerInfo } }) => {
    if (!workerInfo.title.startsWith('[worker ' + workerData.thread + ']')) return
    ready({
      post(method, params, done = () => {}) {
        answers.set(++sent, done)
        session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id: sent, method, params }) })
      },
      on: (event, listener) => listeners.set(event, listener),
      // Who exits waits for whoever is connected, and for workers that are halted.
      exit: () => session.post('Runtime.evaluate', { expression: 'setTimeout(() => process.reallyExit(2), 100)' }, () => {
        session.post('NodeWorker.sendMessageToWorker', { sessionId, message: JSON.stringify({ id: ++sent, method: 'Debugger.disable' }) }, () => session.disconnect())
      }),
    })
  })
  session.post('NodeWorker.enable', { waitForDebuggerOnStart: false })
}
function stop(limit) {
  const still = 'the program has kept its thread for ' + limit + ' ms of real time without a step: an endless loop, or one of promises alone'
  // If the thread can't be halted either, the process must end all the same.
  const last = setTimeout(() => { report(still + '.', ''); end() }, 20000)
  connect((thread) => {
    const scripts = new Map()
    thread.on('Debugger.scriptParsed', (script) => scripts.set(script.scriptId, script.url))
    let tries = 0
    thread.on('Debugger.paused', (params) => {
      const frames = params.callFrames.map((f) => ({ ...f, url: f.url || scripts.get(f.location.scriptId) || '' }))
      // Between two microtasks there is nobody's code: look again.
      if (where(frames) === '' && ++tries < 20) return thread.post('Debugger.resume', {}, () => setTimeout(pause, 20))
      clearInterval(again)
      // Node's own frames see other globals.
      const frame = frames.find((f) => f.url !== '' && !f.url.startsWith('node:')) ?? frames[0]
      const ask = (expression, done = () => {}) =>
        thread.post('Debugger.evaluateOnCallFrame', { callFrameId: frame.callFrameId, expression, returnByValue: true }, (error, answer) =>
          done(error === null && answer.result && typeof answer.result.value === 'string' ? answer.result.value : ''))
      ask("globalThis[Symbol.for('heddle.watchdog')]?.() ?? ''", (about) => {
        clearTimeout(last)
        report(still + '.' + (about === '' ? '' : '\\n' + about), where(frames))
        // The thread never answers this one; if it does not go either, nothing else helps.
        setTimeout(end, 20000)
        thread.exit(ask)
      })
    })
    // A thread that has just been let go may not have noticed yet, and then the request is lost.
    const pause = () => thread.post('Debugger.pause', {})
    const again = setInterval(pause, 500)
    thread.post('Debugger.enable', {}, pause)
  })
}
const timer = setInterval(() => {
  const now = memory[0]
  if (memory[1] !== 1 || now !== seen) {
    seen = now
    since = Date.now()
    return
  }
  if (Date.now() - since < memory[2]) return
  clearInterval(timer)
  stop(memory[2])
}, 250)
`
