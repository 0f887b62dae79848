import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { checkSync, InvalidTokenError, replay, sleep } from '../src/index.ts'
import { decodeToken, encodeToken, marksOf, type Schedule } from '../src/explore/token.ts'
import { two } from '../spec/explore/bodies.ts'
import { forged } from './forged.ts'
import { SEED } from './seed.ts'

const body = two()

const real = checkSync(body, { name: 'lost update' }).failure?.token as string

const schedules: fc.Arbitrary<Schedule> = fc
  .record({
    name: fc.string({ unit: 'grapheme', maxLength: 40 }),
    permute: fc.constantFrom('tasks' as const, 'io' as const),
    awaits: fc.constantFrom('slow' as const, 'prompt' as const),
    leaks: fc.constantFrom('error' as const, 'ignore' as const),
    cancel: fc.oneof(fc.constantFrom(null, true as const), fc.uniqueArray(fc.string({ unit: 'grapheme', maxLength: 10 }), { minLength: 1, maxLength: 5 })),
    faults: fc.nat(),
    off: fc.option(fc.subarray(['timers', 'clock', 'random', 'channels']), { nil: undefined }),
    unfinished: fc.boolean(),
    maxSteps: fc.oneof(fc.constant(Number.POSITIVE_INFINITY), fc.integer({ min: 1, max: Number.MAX_SAFE_INTEGER })),
    picks: fc.uniqueArray(fc.tuple(fc.nat({ max: 2 ** 30 }), fc.integer({ min: 1, max: 2 ** 31 })), { selector: ([at]) => at, maxLength: 50 }),
    fingerprints: fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 500 }),
  })
  .map(({ name, permute, awaits, leaks, maxSteps, cancel, faults, off, unfinished, picks, fingerprints }) => ({
    name,
    shape: { permute, awaits, leaks, maxSteps, cancel, faults, globals: globalsWithout(off) },
    picks: new Map(picks.toSorted(([a], [b]) => a - b)),
    choices: Math.max(0, ...picks.map(([at]) => at + 1)),
    steps: fingerprints.length,
    marks: marksOf(fingerprints),
    fingerprint: fingerprints.at(-1) ?? 0,
    ...(unfinished ? { unfinished: true } : {}),
  }))

/** All parts off is the same as none at all. */
function globalsWithout(off: string[] | undefined): Schedule['shape']['globals'] {
  if (off === undefined) return undefined
  return off.length === 4 ? null : Object.fromEntries(off.map((part) => [part, false]))
}

/** Either it is that token, or it is refused; nothing else may happen, and quickly. */
function expectRefused(text: string): void {
  let error: unknown
  const began = process.cpuUsage().user
  try {
    decodeToken(text)
  } catch (e) {
    error = e
  }
  if (!(error instanceof InvalidTokenError)) throw new Error(`${JSON.stringify(text)} gave ${String(error)}`)
  if (process.cpuUsage().user - began > 1e6) throw new Error('it took a second of the processor')
}

describe('tokens', () => {
  test('decode to the schedule that they were made from', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const token = encodeToken(schedule)
        expect(token).toMatch(/^h1\.[A-Za-z0-9_-]+$/)
        expect(decodeToken(token)).toEqual(schedule)
        expect(encodeToken(decodeToken(token))).toBe(token)
      }),
      { numRuns: 1000, seed: SEED },
    )
  })

  test('stay short: a mark for each step up to 64 of them, and two bytes or three for a pick', () => {
    fc.assert(
      fc.property(schedules, (schedule) => {
        const names = typeof schedule.shape.cancel === 'object' ? (schedule.shape.cancel ?? []).join('') : ''
        const bytes = (schedule.name + names).length * 16 + 20 + schedule.picks.size * 10 + 64 + 40
        expect(encodeToken(schedule).length).toBeLessThan((bytes * 4) / 3 + 10)
      }),
      { seed: SEED },
    )
  })

  test('with one bit flipped in any place are refused, every one of them', () => {
    for (let at = 0; at < real.length; at++) {
      for (let bit = 0; bit < 8; bit++) {
        const flipped = String.fromCharCode(real.charCodeAt(at) ^ (1 << bit))
        expectRefused(real.slice(0, at) + flipped + real.slice(at + 1))
      }
    }
  })

  test('cut short or made longer in any place are refused', () => {
    for (let at = 0; at < real.length; at++) {
      expectRefused(real.slice(0, at))
      if (at > 0) expectRefused(real.slice(at))
      expectRefused(`${real.slice(0, at)}A${real.slice(at)}`)
      expectRefused(real.slice(0, at) + real.slice(at + 1))
    }
    for (const extra of ['=', 'A', 'AAAA', ' ', '\n', real]) expectRefused(real + extra)
  })

  /*
   * A checksum of 32 bits lets one of 2^32 mangled bodies through: over 10,000 of them, once in 400,000 runs of this file.
   * What comes through must then be in its canonical form, which makes it rarer still.
   */
  test('mangled otherwise are refused: 10,000 of them', () => {
    const bytes = fc.uint8Array({ maxLength: 200 }).map((b) => `h1.${Buffer.from(b).toString('base64url')}`)
    const swaps = fc
      .tuple(fc.nat({ max: real.length - 1 }), fc.nat({ max: real.length - 1 }), fc.string({ maxLength: 5 }))
      .map(([a, b, text]) => real.slice(0, Math.min(a, b)) + text + real.slice(Math.max(a, b)))
    fc.assert(
      fc.property(fc.oneof(bytes, swaps, fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }).map((s) => `h1.${s}`)), (text) => {
        if (text !== real) expectRefused(text)
      }),
      { numRuns: 10_000, seed: SEED },
    )
  })

  test('whose checksum is right and whose numbers are absurd are refused or harmless, without a huge allocation', () => {
    const before = process.memoryUsage().heapUsed
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 60 }), (raw) => {
        const text = forged(raw)
        let schedule: Schedule
        try {
          schedule = decodeToken(text)
        } catch (error) {
          if (!(error instanceof InvalidTokenError)) throw error
          return
        }
        // A text that is accepted is exactly what the encoder gives.
        expect(encodeToken(schedule)).toBe(text)
        expect(schedule.picks.size).toBeLessThanOrEqual(raw.length)
      }),
      { numRuns: 10_000, seed: SEED },
    )
    expect(process.memoryUsage().heapUsed - before).toBeLessThan(200 * 2 ** 20)
  })

  test('of a megabyte are refused in no time', () => {
    expectRefused(`h1.${'A'.repeat(2 ** 20)}`)
    expectRefused('x'.repeat(2 ** 20))
    expectRefused(`h1.${'-_'.repeat(2 ** 19)}`)
  })

  test('that are no texts at all are refused', () => {
    for (const odd of [undefined, null, 5, {}, [], Symbol('h1.'), new String(real)]) {
      expect(() => decodeToken(odd as string)).toThrow(InvalidTokenError)
    }
  })
})

test('replay refuses mangled tokens in the same way, and runs nothing', async () => {
  let runs = 0
  const counted = function* () {
    runs++
    yield* sleep(0)
  }
  await fc.assert(
    fc.asyncProperty(fc.nat({ max: real.length - 1 }), fc.integer({ min: 1, max: 255 }), async (at, flip) => {
      const text = real.slice(0, at) + String.fromCharCode(real.charCodeAt(at) ^ flip) + real.slice(at + 1)
      await expect(replay(counted, text)).rejects.toThrow(InvalidTokenError)
      expect(() => checkSync(counted, { replay: text })).toThrow(InvalidTokenError)
    }),
    { numRuns: 200, seed: SEED },
  )
  await expect(replay(counted, undefined as unknown as string)).rejects.toThrow(InvalidTokenError)
  expect(runs).toBe(0)
})
