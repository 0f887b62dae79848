import { spawnSync } from 'node:child_process'
import { readFile } from 'node:fs/promises'
import { createServer, connect, type AddressInfo } from 'node:net'
import { promisify } from 'node:util'
import { Worker } from 'node:worker_threads'
import { describe, expect, test } from 'vitest'
import { check, pause, type Failure } from '../../src/index.ts'

// Taken before any exploration: what they start is real.
const takenTimeout = setTimeout
const takenInterval = setInterval
const takenSleep = promisify(setTimeout)

async function failureOf(body: () => Promise<unknown>): Promise<Failure> {
  const report = await check(body, { schedules: 5 })
  return report.failure as Failure
}

test.each(['watchdog: 10_000', 'watchdog: Infinity'])('what a program prints is none, where it goes into a pipe (%s)', (option) => {
  const program = `
    import { check, pause } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}
    const report = await check(async () => {
      await pause()
      console.log('out')
      console.error('err')
      await new Promise(() => {})
    }, { ${option} })
    console.log(report.failure.kind)`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
  expect(stdout).toMatch(/^(out\n)+deadlock\n$/)
})

test('what the library waits for itself is none, where another library had put its own setTimeout in the place of the host\'s', () => {
  const program = `
    const real = setTimeout
    globalThis.setTimeout = (callback, ...args) => real((...given) => callback(...given), ...args)
    const { check, pause } = await import(${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)})
    const report = await check(async () => {
      await pause()
      await new Promise(() => {})
    })
    console.log(report.failure.kind)`
  const { stdout } = spawnSync(process.execPath, ['--input-type=module', '--eval', program], { encoding: 'utf8' })
  expect(stdout).toBe('deadlock\n')
})

describe('what is real is an escape, never a deadlock, with the line that started it', () => {
  test.each<[string, RegExp, () => Promise<unknown>]>([
    ['a file', /FSReq.*\n.*started .*escapes\.spec\.ts:\d+/s, () => readFile(new URL(import.meta.url).pathname)],
    ['a timer function that was taken before', /Timeout: a timer of the host's.*escapes\.spec\.ts:\d+/s, () => new Promise((r) => takenTimeout(r, 20))],
    ['a promisified one', /Timeout: a timer of the host's.*escapes\.spec\.ts:\d+/s, () => takenSleep(20)],
    ['a worker', /escapes\.spec\.ts:\d+/, () => new Promise((r) => new Worker('setTimeout(() => {}, 300)', { eval: true }).on('exit', r))],
    ['native cryptography', /escapes\.spec\.ts:\d+/, () => crypto.subtle.generateKey({ name: 'RSA-OAEP', modulusLength: 4096, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' }, true, ['encrypt'])],
  ])('%s', async (_, message, body) => {
    const failure = await failureOf(async () => {
      await Promise.all([pause('a'), pause('b')])
      await body()
    })
    expect(failure.kind).toBe('escape')
    expect(String(failure.error)).toMatch(message)
    // Nothing of it is ours to make smaller; but who waits for it is known.
    expect(failure.file.incomplete).toBeUndefined()
    expect(failure.file.waits?.[0]).toMatchObject({ task: 'Task-1', waitsFor: 'a native promise' })
  })

  test('a socket', async () => {
    const server = createServer()
    await new Promise<void>((r) => server.listen(0, '127.0.0.1', r))
    const { port } = server.address() as AddressInfo
    const opened: { destroy(): void }[] = []
    const failure = await failureOf(async () => {
      const socket = connect(port, '127.0.0.1')
      opened.push(socket)
      await new Promise((r) => socket.on('data', r))
    })
    expect(failure.kind).toBe('escape')
    expect(String(failure.error)).toMatch(/TCP.*a socket.*escapes\.spec\.ts:\d+/s)
    for (const s of opened) s.destroy()
    server.close()
  })

  test('a promise that something outside the run settles', async () => {
    let settle = (): void => {}
    const foreign = new Promise<void>((r) => (settle = r))
    // However long the exploration takes to begin, it is waiting when this is settled.
    let waiting = false
    const armed = takenInterval(() => waiting && settle(), 10)
    const failure = await failureOf(async () => {
      waiting = true
      await foreign
    })
    clearInterval(armed)
    expect(failure.kind).toBe('escape')
    expect(String(failure.error)).toMatch(/something outside it has settled/)
  })
})

test('a promise that nobody settles is a deadlock', async () => {
  const failure = await failureOf(async () => Promise.all([pause(), new Promise(() => {})]))
  expect(failure.kind).toBe('deadlock')
})

test('a deadlock after a timer has fired, whose callback the run has bound, is no escape', async () => {
  const report = await check(async () => {
    let ready = false
    setTimeout(() => (ready = true), 1000)
    await pause('late')
    if (ready) await new Promise(() => {})
  })
  expect(report.failure?.kind).toBe('deadlock')
})

test('what was under way before the exploration is no escape', async () => {
  const armed = takenTimeout(() => {}, 10_000)
  const failure = await failureOf(async () => new Promise(() => {}))
  clearTimeout(armed)
  expect(failure.kind).toBe('deadlock')
})
