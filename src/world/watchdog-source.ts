/**
 * What the watchdog's thread runs, as text, so that it needs no file of its own and no loader. It looks every now and then
 * whether the program's thread has moved on; if it has not for the whole limit, it halts that thread through the inspector,
 * asks it where it is and what was being explored, prints that, and ends the process with 2.
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
function stop(limit) {
  const still = 'the program has kept its thread for ' + limit + ' ms of real time without a step: an endless loop, or one of promises alone'
  if (!workerData.mainThread) {
    report(still + '. It runs in a worker thread, so that nobody can say where.', '')
    return end()
  }
  const session = new Session()
  session.connectToMainThread()
  const scripts = new Map()
  session.on('Debugger.scriptParsed', ({ params }) => scripts.set(params.scriptId, params.url))
  // If the thread can't be halted either, the process must end all the same.
  setTimeout(() => { report(still + '.', ''); end() }, 20000)
  let tries = 0
  session.on('Debugger.paused', ({ params }) => {
    const frames = params.callFrames.map((f) => ({ ...f, url: f.url || scripts.get(f.location.scriptId) || '' }))
    // Between two microtasks there is nobody's code: look again.
    if (where(frames) === '' && ++tries < 20) return session.post('Debugger.resume', () => setTimeout(pause, 20))
    clearInterval(again)
    // Node's own frames see other globals.
    const frame = frames.find((f) => f.url !== '' && !f.url.startsWith('node:')) ?? frames[0]
    const ask = (expression, done) =>
      session.post('Debugger.evaluateOnCallFrame', { callFrameId: frame.callFrameId, expression, returnByValue: true }, (error, answer) =>
        done(error === null && answer.result && typeof answer.result.value === 'string' ? answer.result.value : ''))
    ask("globalThis[Symbol.for('heddle.watchdog')]?.() ?? ''", (about) => {
      report(still + '.' + (about === '' ? '' : '\\n' + about), where(frames))
      // The thread never answers this one; if it does not go either, nothing else helps.
      setTimeout(end, 20000)
      ask('globalThis.process.reallyExit(2)', () => {})
    })
  })
  // A thread that has just been let go may not have noticed yet, and then the request is lost.
  const pause = () => session.post('Debugger.pause')
  const again = setInterval(pause, 500)
  session.post('Debugger.enable', pause)
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
