import fc, { constant } from 'fast-check'
import { checkSync, type Coroutine, failureFileText, gather, pause, shared } from 'heddle'

/*
 * What the examples of doc comments take for granted: the things that a reader has of his own. None of them is wrong but
 * `raceOfDeposits`, and none touches a disk.
 */

export { fc }

/** A test's body. */
export async function body(): Promise<void> {
  await Promise.all([pause('left'), pause('right')])
}

export async function main(): Promise<void> {
  await pause('main')
}

export async function prepare(): Promise<void> {
  await pause('prepare')
}

export async function connect(): Promise<void> {
  await pause('connect')
}

export async function transfer(): Promise<void> {
  await pause('transfer')
}

export async function work(): Promise<void> {
  await pause('work')
}

export async function query(): Promise<readonly string[]> {
  await pause('query')
  return []
}

export async function load(key: string, signal: AbortSignal): Promise<string> {
  await pause(key)
  signal.throwIfAborted()
  return key
}

export async function chargeCard(amount: number): Promise<number> {
  await pause('charge')
  return amount
}

export function* worker(_number = 0): Coroutine<void> {
  yield* pause('worker')
}

export function* fetchA(): Coroutine<string> {
  yield* pause('a')
  return 'a'
}

export function* fetchB(): Coroutine<string> {
  yield* pause('b')
  return 'b'
}

export type Row = string
export const row: Row = 'a row'
export const rows: Row[] = []

/** An account with no race in it. */
export class Account {
  balance = 0

  async deposit(amount: number): Promise<void> {
    await pause('deposit')
    this.balance += amount
  }
}

export class Cache {
  readonly #values = new Map<string, number>()

  async put(key: string, value: number): Promise<void> {
    await pause('put')
    this.#values.set(key, value)
  }
}

class Put implements fc.AsyncCommand<{ size: number }, Cache> {
  check(): boolean {
    return true
  }

  async run(model: { size: number }, real: Cache): Promise<void> {
    model.size++
    await real.put('key', model.size)
  }
}

/** Commands of fast-check's model-based tests. */
export const all = [constant(new Put())]

export const client = {
  get: async (_key: string): Promise<string> => 'value',
  set: async (_key: string, _value: string): Promise<void> => {},
}

/** The lost update: the second write is of what was read before the first. */
export function* raceOfDeposits(): Coroutine<void> {
  const balance = shared(0, 'balance')
  const deposit = function* () {
    yield* balance.write((yield* balance.read()) + 1)
  }
  yield* gather([deposit(), deposit()])
  if (balance.value !== 2) throw new Error(`lost update: ${balance.value}`)
}

/** What has been found wrong with it. */
export const failure = required(checkSync(raceOfDeposits).failure)
export const { file } = failure
export const text = failureFileText(file)

export async function readFile(_path: string, _encoding: 'utf8'): Promise<string> {
  return text
}

export async function writeFile(_path: string, _text: string): Promise<void> {}

export function writeFileSync(_path: string, _text: string): void {}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new Error('the example of a race has none')
  return value
}
