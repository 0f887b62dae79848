import { Prng } from '../src/strategies/prng.ts'

/** Texts that mean something to whoever reads them without care: a shell, a terminal, a browser, a path, an object. */
export const HOSTILE_TEXTS: readonly string[] = [
  '__proto__',
  'constructor',
  'prototype',
  'toString',
  'hasOwnProperty',
  '</script><img src=x onerror=alert(1)>',
  '<!--<script>',
  '"><svg onload=alert(1)>',
  '\u001b]0;title\u0007',
  '\u001b[2J\u001b[31m',
  '\u0000\u0007\b\u007f\u009b31m',
  '\u202etxt.exe\u2066',
  '\u2028\u2029',
  '\ud800 alone \udc00',
  "'); process.exit(9); ('",
  '`${process.exit(9)}`',
  '*/ process.exit(9) /*',
  'a\nprocess.exit(9)\n//',
  'a\r\nb\rc',
  "'; touch /tmp/heddle-hostile; '",
  '$(touch /tmp/heddle-hostile)',
  '../../../../etc/passwd',
  '..\\..\\windows',
  '/etc/passwd',
  'C:\\con',
  'file:///etc/passwd',
  'node:child_process',
  'data:text/javascript,process.exit(9)',
  'a.ts > b\nend',
  'x.ts',
  'end',
  '%%{init: {}}%%',
  '',
  ' ',
  '\t',
  '\u{10330}'.repeat(80),
  'é'.normalize('NFD').repeat(90),
  '👩‍👩‍👧‍👦'.repeat(30),
  'w'.repeat(5000),
]

/** Numbers at the ends of what a number can be; the last is larger than any, as JSON may write it. */
const HOSTILE_NUMBERS = ['0', '-0', '-1', '0.5', '1', '2147483648', '4294967296', '9007199254740991', '9007199254740993', '1e308', '-1e999', '1e999']

/** The random choices of one attempt: the same for the same seed and number. */
export class Chance {
  readonly #prng = new Prng()

  constructor(seed: number, attempt: number) {
    this.#prng.seed(seed, attempt)
  }

  below(n: number): number {
    return this.#prng.below(n)
  }

  oneIn(n: number): boolean {
    return this.below(n) === 0
  }

  of<T>(list: readonly T[]): T {
    return list[this.below(list.length)] as T
  }

  bytes(most: number): Uint8Array {
    return Uint8Array.from({ length: this.below(most + 1) }, () => this.below(256))
  }

  /** A hostile text, alone or within another. */
  text(): string {
    const text = this.of(HOSTILE_TEXTS)
    return this.oneIn(3) ? `${this.of(HOSTILE_TEXTS)}${text}` : text
  }
}

/** A value of parsed JSON. */
type Json = null | boolean | number | string | Json[] | { [key: string]: Json }

const MARK = '\u0001number '

/** A number that JSON.stringify would not write as it is. */
function number(chance: Chance): Json {
  return `${MARK}${chance.of(HOSTILE_NUMBERS)}`
}

function anything(chance: Chance): Json {
  switch (chance.below(8)) {
    case 0:
    case 1:
    case 2:
      return chance.text()
    case 3:
    case 4:
      return number(chance)
    case 5:
      return chance.of<Json>([null, true, false, {}, []])
    case 6:
      return Array.from({ length: chance.below(5) }, () => anything(chance))
    default:
      return own({}, chance.text(), chance.text())
  }
}

/** Also where the key is `__proto__`: a parser of JSON makes it a field like any other. */
function own(record: { [key: string]: Json }, key: string, value: Json): { [key: string]: Json } {
  return Object.defineProperty(record, key, { value, enumerable: true, configurable: true, writable: true })
}

/** A value of the same kind, so that what is made of it is read as well as parsed. */
function alike(value: Json, chance: Chance): Json {
  if (typeof value === 'string') return chance.text()
  if (typeof value === 'number') return number(chance)
  if (typeof value === 'boolean') return !value
  return anything(chance)
}

/** Changes one place of a value, somewhere in it. */
function changed(value: Json, chance: Chance): Json {
  if (Array.isArray(value)) {
    const at = chance.below(value.length + 1)
    if (at === value.length || chance.oneIn(8)) {
      const extra = value.length > 0 && chance.oneIn(2) ? (value[chance.below(value.length)] as Json) : anything(chance)
      return value.toSpliced(at, chance.below(2), extra)
    }
    return value.with(at, changed(value[at] as Json, chance))
  }
  if (typeof value === 'object' && value !== null) {
    const keys = Object.keys(value)
    const copy: { [key: string]: Json } = {}
    for (const key of keys) own(copy, key, value[key] as Json)
    const key = keys.length === 0 || chance.oneIn(20) ? chance.text() : chance.of(keys)
    if (chance.oneIn(15)) delete copy[key]
    else own(copy, key, Object.hasOwn(copy, key) ? changed(copy[key] as Json, chance) : anything(chance))
    return copy
  }
  return chance.oneIn(4) ? anything(chance) : alike(value, chance)
}

/** A text of JSON that was once a good one: its values changed, or its characters, or both. */
export function hostileJson(good: string, chance: Chance): string {
  let value = JSON.parse(good) as Json
  for (let n = chance.below(6); n > 0; n--) value = changed(value, chance)
  const text = JSON.stringify(value).replaceAll(/"\\u0001number ([^"]*)"/g, '$1')
  return chance.oneIn(4) ? hostileText(text, chance) : text
}

/** A text with characters lost, changed, doubled or cut off. */
export function hostileText(good: string, chance: Chance): string {
  const a = chance.below(good.length + 1)
  const b = a + chance.below(Math.min(20, good.length - a + 1))
  switch (chance.below(6)) {
    case 0:
      return good.slice(0, a)
    case 1:
      return good.slice(0, a) + good.slice(b)
    case 2:
      return good.slice(0, b) + good.slice(a)
    case 3:
      return good.slice(0, a) + chance.text() + good.slice(b)
    case 4:
      return good.slice(0, a) + '['.repeat(1 + chance.below(20_000)) + good.slice(b)
    default:
      return good.slice(0, a) + String.fromCharCode(chance.below(0x3000)) + good.slice(a + 1)
  }
}
