/** Digits, and no other characters: what maps words, such as a transform behind this one, meets a single word. */
const DIGITS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789'
/** The upper half of the digits says that more follow. */
const BASE = DIGITS.length / 2

/** Whole numbers as one word: each as digits to the base 31, the least first. */
export function wordOfNumbers(numbers: readonly number[]): string {
  return numbers.map((n) => WORDS[n] ?? wordOf(n)).join('')
}

function wordOf(n: number): string {
  return n < BASE ? (DIGITS[n] as string) : `${DIGITS[BASE + (n % BASE)]}${wordOf(Math.floor(n / BASE))}`
}

/** Of the small ones, which are most. */
const WORDS = Array.from({ length: BASE * BASE }, (_, n) => wordOf(n))

/** The numbers of a word. */
export function numbersOfWord(word: string): number[] {
  const numbers: number[] = []
  let n = 0
  let weight = 1
  for (const c of word) {
    const digit = DIGITS.indexOf(c)
    n += (digit % BASE) * weight
    weight *= BASE
    if (digit >= BASE) continue
    numbers.push(n)
    n = 0
    weight = 1
  }
  return numbers
}

/** Texts as part of a word: what is neither letter nor digit as its number. Each ends with two underscores. */
export function wordOfTexts(texts: Iterable<string>): string {
  let word = ''
  for (const text of texts) word += `${text.replaceAll(/[^A-Za-z0-9]/g, (c) => `_${wordOfNumbers([c.charCodeAt(0)])}`)}__`
  return word
}

/** The texts of a word. */
export function textsOfWord(word: string): string[] {
  const escape = new RegExp(`_([${DIGITS.slice(BASE)}]*[${DIGITS.slice(0, BASE)}])`, 'g')
  const texts = word.split('__').slice(0, -1)
  return texts.map((text) => text.replaceAll(escape, (_, digits: string) => String.fromCharCode(...numbersOfWord(digits))))
}

/** What a row says of a site, in this order: its line and column, and, by their numbers, function, kind, name and key. */
export const FIELDS = 6
