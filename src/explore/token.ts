import type { GlobalsOptions } from '../world/globals/globals.ts'
import type { Shape } from './options.ts'
import type { Picks } from './picks.ts'

/** A text that is no token, or a damaged one. */
export class InvalidTokenError extends Error {
  override readonly name = 'InvalidTokenError'
  constructor(reason: string) {
    super(`this is not a valid replay token: ${reason}. Copy the whole token, as it was printed; it begins with '${PREFIX}'.`)
  }
}

/** A schedule written down: the test's name, the choices, what shapes them, and a fingerprint of each step. */
export interface Schedule {
  readonly name: string
  readonly shape: Shape
  readonly picks: Picks
  /** How many choices there were in all. */
  readonly choices: number
  readonly steps: number
  /** The mark of the fingerprint after every `stride` steps, and after the last one. */
  readonly marks: Uint8Array
  /** The whole fingerprint after the last step. */
  readonly fingerprint: number
  /** The run did not end, and only its choices are known: it has no steps and no marks. */
  readonly unfinished?: boolean
}

const PREFIX = 'h1.'
/** A token has at most this many marks, so that it stays short however long the run. */
const MARKS = 64

export function strideOf(steps: number): number {
  return Math.max(1, Math.ceil(steps / MARKS))
}

/** The high byte: FNV-1a mixes upwards only, so that the low one forgets a difference for good once in 256 times. */
export function markOf(fingerprint: number): number {
  return fingerprint >>> 24
}

/** The marks for the fingerprints of a run. */
export function marksOf(fingerprints: readonly number[]): Uint8Array {
  const stride = strideOf(fingerprints.length)
  const marks: number[] = []
  for (let i = stride - 1; i < fingerprints.length; i += stride) marks.push(markOf(fingerprints[i] as number))
  return Uint8Array.from(marks)
}

export function encodeToken(s: Schedule): string {
  const out: number[] = []
  const { permute, awaits, leaks, maxSteps, cancel, faults, globals } = s.shape
  const interrupted = cancel !== null || faults !== 1
  const order = (permute === 'io' ? 1 : 0) | (awaits === 'prompt' ? 32 : 0)
  out.push(order | (leaks === 'ignore' ? 2 : 0) | (interrupted ? 4 : 0) | (s.unfinished ? 8 : 0) | (globals === undefined ? 0 : 16))
  if (globals !== undefined) varint(out, partsOf(globals))
  if (interrupted) {
    varint(out, faults)
    // 0: nobody is cancelled; 1: anybody; else how many names there are, and one.
    varint(out, cancel === null ? 0 : cancel === true ? 1 : cancel.length + 1)
    if (cancel !== null && cancel !== true) for (const task of cancel) putText(out, task)
  }
  varint(out, Number.isFinite(maxSteps) ? maxSteps : 0)
  putText(out, s.name)
  varint(out, s.choices)
  varint(out, s.steps)
  varint(out, s.picks.size)
  let before = -1
  for (const [at, pick] of [...s.picks].sort((a, b) => a[0] - b[0])) {
    varint(out, at - before - 1)
    varint(out, pick)
    before = at
  }
  for (const mark of s.marks) out.push(mark)
  word(out, s.fingerprint)
  word(out, checksum(out))
  return PREFIX + toBase64Url(out)
}

/** @throws InvalidTokenError if the text is not exactly what encodeToken gives */
export function decodeToken(token: string): Schedule {
  if (typeof token !== 'string' || !token.startsWith(PREFIX)) throw new InvalidTokenError(`it does not begin with '${PREFIX}'`)
  const bytes = fromBase64Url(token.slice(PREFIX.length))
  if (bytes.length < 8) throw new InvalidTokenError('it is too short')
  const body = bytes.subarray(0, bytes.length - 4)
  const reader = new Reader(bytes)
  reader.at = body.length
  if (reader.word() !== checksum(body)) throw new InvalidTokenError('its checksum does not match')
  reader.at = 0
  const schedule = readSchedule(new Reader(body))
  if (encodeToken(schedule) !== token) throw new InvalidTokenError('it is not in its canonical form')
  return schedule
}

function readSchedule(r: Reader): Schedule {
  const flags = r.byte()
  if (flags > 63) throw new InvalidTokenError('it was made by a newer version')
  const globals = flags & 16 ? globalsOf(r.varint()) : undefined
  const faults = flags & 4 ? r.varint() : 1
  const cancel = flags & 4 ? readTargets(r) : null
  const maxSteps = r.varint()
  const name = r.text()
  const choices = r.varint()
  const steps = r.varint()
  const picks = new Map<number, number>()
  let at = -1
  // Each pick takes at least two bytes, so the text bounds the loop.
  for (let left = r.varint(); left > 0; left--) {
    at += r.varint() + 1
    picks.set(at, r.varint())
  }
  const marks = r.bytes(Math.floor(steps / strideOf(steps)))
  const fingerprint = r.word()
  r.end()
  return {
    name,
    shape: {
      permute: flags & 1 ? 'io' : 'tasks',
      awaits: flags & 32 ? 'prompt' : 'slow',
      leaks: flags & 2 ? 'ignore' : 'error',
      maxSteps: maxSteps === 0 ? Number.POSITIVE_INFINITY : maxSteps,
      cancel,
      faults,
      globals,
    },
    picks,
    choices,
    steps,
    marks,
    fingerprint,
    ...(flags & 8 ? { unfinished: true } : {}),
  }
}

const PARTS = ['timers', 'clock', 'random', 'channels'] as const

/** A bit for each part of the globals that is replaced. */
function partsOf(globals: GlobalsOptions | null): number {
  return globals === null ? 0 : PARTS.reduce((bits, part, i) => bits | (globals[part] === false ? 0 : 1 << i), 0)
}

function globalsOf(bits: number): GlobalsOptions | null {
  if (bits >= 1 << PARTS.length) throw new InvalidTokenError('it was made by a newer version')
  if (bits === 0) return null
  return Object.fromEntries(PARTS.flatMap((part, i) => (bits & (1 << i) ? [] : [[part, false]])))
}

function readTargets(r: Reader): Shape['cancel'] {
  const n = r.varint()
  if (n < 2) return n === 0 ? null : true
  const names: string[] = []
  // Each name takes at least a byte, so the text bounds the loop.
  for (let left = n - 1; left > 0; left--) names.push(r.text())
  return names
}

function putText(out: number[], s: string): void {
  const bytes = toUtf8(s)
  varint(out, bytes.length)
  for (const byte of bytes) out.push(byte)
}

function varint(out: number[], n: number): void {
  let rest = n
  while (rest >= 0x80) {
    out.push((rest % 0x80) | 0x80)
    rest = Math.floor(rest / 0x80)
  }
  out.push(rest)
}

function word(out: number[], n: number): void {
  out.push((n >>> 24) & 0xff, (n >>> 16) & 0xff, (n >>> 8) & 0xff, n & 0xff)
}

/** CRC-32 finds every change of up to 32 neighbouring bits. */
function checksum(bytes: ArrayLike<number>): number {
  let crc = 0xffffffff
  for (let i = 0; i < bytes.length; i++) {
    crc ^= bytes[i] as number
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ 0xedb88320 : crc >>> 1
  }
  return ~crc >>> 0
}

class Reader {
  at = 0
  readonly #bytes: Uint8Array

  constructor(bytes: Uint8Array) {
    this.#bytes = bytes
  }

  byte(): number {
    const b = this.#bytes[this.at++]
    if (b === undefined) throw new InvalidTokenError('it ends too early')
    return b
  }

  /** The next bytes, or those of them that there are: then the word at the end is missing. */
  bytes(n: number): Uint8Array {
    this.at += n
    return this.#bytes.slice(this.at - n, this.at)
  }

  text(): string {
    return fromUtf8(this.bytes(this.varint()))
  }

  varint(): number {
    let n = 0
    for (let unit = 1; ; unit *= 0x80) {
      const b = this.byte()
      n += (b & 0x7f) * unit
      if (!Number.isSafeInteger(n)) throw new InvalidTokenError('it has a number out of range')
      if (b < 0x80) return n
    }
  }

  word(): number {
    return ((this.byte() << 24) | (this.byte() << 16) | (this.byte() << 8) | this.byte()) >>> 0
  }

  end(): void {
    if (this.at !== this.#bytes.length) throw new InvalidTokenError('it is too long')
  }
}

/** By the language's own means: some hosts that play a page (Jest's jsdom) have no TextEncoder. */
function toUtf8(text: string): number[] {
  // Half of a pair has no place in UTF-8.
  const escaped = encodeURIComponent(text.replace(/\p{Surrogate}/gu, '\ufffd'))
  return Array.from(escaped.matchAll(/%(..)|./gs), ([char, hex]) => (hex === undefined ? char.charCodeAt(0) : Number.parseInt(hex, 16)))
}

function fromUtf8(bytes: Uint8Array): string {
  let escaped = ''
  for (const byte of bytes) escaped += `%${byte.toString(16).padStart(2, '0')}`
  try {
    return decodeURIComponent(escaped)
  } catch {
    throw new InvalidTokenError('it has a text that is none')
  }
}

function toBase64Url(bytes: readonly number[]): string {
  let text = ''
  for (const b of bytes) text += String.fromCharCode(b)
  return btoa(text).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '')
}

const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_'
const VALUE_OF = Object.fromEntries([...DIGITS].map((digit, value) => [digit.charCodeAt(0), value]))

/** Digit by digit: to rewrite a text of millions for `atob` takes many times as long. */
function fromBase64Url(text: string): Uint8Array {
  if (text.length % 4 === 1) throw new InvalidTokenError('it has characters that no token has')
  const bytes = new Uint8Array(Math.floor((text.length * 3) / 4))
  let [at, bits, held] = [0, 0, 0]
  for (let i = 0; i < text.length; i++) {
    const value = VALUE_OF[text.charCodeAt(i)]
    if (value === undefined) throw new InvalidTokenError('it has characters that no token has')
    held = ((held << 6) | value) & 0xfff
    bits += 6
    if (bits < 8) continue
    bits -= 8
    bytes[at++] = held >>> bits
  }
  return bytes
}
