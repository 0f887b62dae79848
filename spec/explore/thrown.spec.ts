import { describe, expect, test } from 'vitest'
import {
  external,
  explore,
  gather,
  getRunningLoop,
  InterleavingError,
  type ScenarioBody,
  sleep,
} from '../../src/index.ts'
import { roundtrip, roundtripSync } from '../support/roundtrip.ts'
import { fine, two } from './bodies.ts'

describe('whatever is thrown is a failure', () => {
  const odd = Object.create(null) as object
  const cases: [string, unknown][] = [
    ['null', null],
    ['undefined', undefined],
    ['a string', 'text'],
    ['an empty string', ''],
    ['zero', 0],
    ['false', false],
    ['a symbol', Symbol('s')],
    ['a bigint', 10n],
    ['a function', () => {}],
    ['an object without a prototype', odd],
    ['an object', { code: 5 }],
    ['an error whose message is no text', Object.assign(new Error('x'), { message: 5 })],
    ['an error without a constructor', Object.assign(new Error('x'), { constructor: undefined })],
    ['an AggregateError', new AggregateError([new Error('a')], 'many')],
  ]

  test.each(cases)('%s', async (_, value) => {
    const bodies: ScenarioBody[] = [
      function* () {
        yield* sleep(0)
        throw value
      },
      async () => {
        await sleep(0)
        throw value
      },
      () => {
        throw value
      },
      function* () {
        yield* gather([(function* () {
          yield* sleep(0)
          throw value
        })()])
      },
      function* () {
        yield* external('op', () => {
          throw value
        })
      },
    ]
    for (const body of bodies) {
      const { failure } = await roundtrip(body)
      expect(failure.kind).toBe('error')
      expect(failure.error).toBe(value)
      expect(String(failure)).toContain('token')
      const error = await explore(body).catch((e: unknown) => e)
      expect(error).toBeInstanceOf(InterleavingError)
      expect('cause' in (error as object)).toBe(true)
      expect((error as InterleavingError).cause).toBe(value)
    }
  })

  test('in a callback it is an unhandled exception', async () => {
    for (const value of [null, undefined, 'text', new Error('x')]) {
      const { failure } = await roundtripSync(function* () {
        getRunningLoop().callSoon(() => {
          throw value
        })
        yield* sleep(1)
      })
      expect(failure).toMatchObject({ kind: 'unhandled' })
      expect(failure.error).toBe(value)
    }
  })
})

describe('InterleavingError', () => {
  test('has the report, the cause, and the picture as its message', async () => {
    const error = await explore(two(), { name: 'deposits' }).catch((e: unknown) => e as InterleavingError)
    if (!(error instanceof InterleavingError)) throw new Error('nothing was thrown')
    expect(error.name).toBe('InterleavingError')
    expect(error.report.failure?.error).toBe(error.cause)
    expect((error.cause as Error).message).toBe('lost update')
    expect(error.message).toBe(String(error.report.failure))
    expect(error.message).toContain(error.report.failure?.token)
  })

  test('is not thrown without a failure: explore gives the report', async () => {
    expect(await explore(fine)).toMatchObject({ failures: 0 })
  })
})
