import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { decodeToken } from '../../../src/explore/token.ts'
import { check, replay } from '../../../src/index.ts'
import { type Loaded, withPlugin } from './load.ts'

/** `late` is up after 50 ms; `load` waits for what is there already; two deposits overlap. */
const PROGRAM = `
const cache = Promise.resolve('settings')
export async function late() {
  let shown
  const load = async () => { await cache; shown = 'settings' }
  const loading = load()
  await new Promise((resolve) => setTimeout(resolve, 50))
  if (shown === undefined) throw new Error('nothing to show after 50 ms')
  await loading
}
export async function overlap() {
  let balance = 0
  const deposit = async (amount) => { const before = balance; await cache; balance = before + amount }
  const one = deposit(1)
  for (let i = 0; i < 5; i++) await cache
  await deposit(2)
  await one
  if (balance !== 3) throw new Error('lost')
}
export async function timers() {
  const order = []
  const at = async (ms) => { await new Promise((resolve) => setTimeout(resolve, ms)); order.push(ms) }
  await Promise.all([at(20), at(10)])
  if (order[0] !== 10) throw new Error('late before early')
}
`

type Scenarios = Record<'late' | 'overlap' | 'timers', () => Promise<void>>

describe("awaits: 'prompt'", () => {
  let loaded: Loaded
  let program: Scenarios
  beforeAll(async () => {
    loaded = await withPlugin()
    program = await loaded.evaluate<Scenarios>('prompt.js', PROGRAM)
  })
  afterAll(() => loaded.close())

  test('no time passes before an await of what is there has gone on', async () => {
    expect((await check(program.late)).failure?.kind).toBe('error')
    expect(await check(program.late, { awaits: 'prompt', bail: false })).toMatchObject({ failures: 0, exhausted: true })
  })

  test('awaits are still taken in every order', async () => {
    const { failure } = await check(program.overlap, { awaits: 'prompt' })
    expect(failure?.error).toMatchObject({ message: 'lost' })
    expect(failure?.trace.steps.every((step) => step.kind !== 'clock')).toBe(true)
  })

  test('timers keep the order of their deadlines, and so does the code that waits for them', async () => {
    expect((await check(program.timers)).failure?.error).toMatchObject({ message: 'late before early' })
    expect(await check(program.timers, { awaits: 'prompt', bail: false })).toMatchObject({ failures: 0, exhausted: true })
  })

  test('the token carries it', async () => {
    const { failure } = await check(program.overlap, { awaits: 'prompt', name: 'overlap' })
    const token = failure?.token ?? ''
    expect(decodeToken(token).shape.awaits).toBe('prompt')
    expect((await replay(program.overlap, token)).failure?.error).toMatchObject({ message: 'lost' })
  })

  test('anything else is refused', async () => {
    // @ts-expect-error not one of them
    await expect(check(program.late, { awaits: 'quick' })).rejects.toThrow(/awaits.*'slow'.*'prompt'|awaits/)
  })
})
