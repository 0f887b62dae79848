/** Characters that take two places in a terminal: East Asian wide ones and pictures. */
const WIDE =
  /[\u1100-\u115f\u2e80-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6]|\p{Emoji_Presentation}|[\u{20000}-\u{3fffd}]/u
/** Those that take none. */
const NONE = /\p{Mn}|\p{Me}|\p{Cf}/u
// oxlint-disable-next-line no-control-regex
const ESCAPES = /\u001b\[[0-9;?]*[A-Za-z]|\u001b\][^\u0007\u001b]*(?:\u0007|\u001b\\)/g
// oxlint-disable-next-line no-control-regex
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** Text of the program's without what would steer the terminal. Line ends and tabs stay. */
export function harmless(text: string): string {
  return text.replaceAll(ESCAPES, '').replaceAll(CONTROLS, '')
}

/** How many columns of a terminal a text takes. */
export function widthOf(text: string): number {
  let width = 0
  for (const c of text) width += widthOfCharacter(c)
  return width
}

function widthOfCharacter(c: string): number {
  if (c < '\u0300') return 1
  return NONE.test(c) ? 0 : WIDE.test(c) ? 2 : 1
}

/** On one line, and no wider than `width`. */
export function clip(text: string, width: number): string {
  const flat = harmless(text.replaceAll(/\s+/g, ' '))
  if (widthOf(flat) <= width) return flat
  let kept = ''
  let room = width - 1
  for (const c of flat) {
    room -= widthOfCharacter(c)
    if (room < 0) break
    kept += c
  }
  return `${kept}…`
}

function clipStart(word: string, width: number): string {
  return widthOf(word) <= width ? word : `…${[...word].slice(1 - width).join('')}`
}

export function pad(text: string, width: number): string {
  return text + ' '.repeat(Math.max(0, width - widthOf(text)))
}

/** Words on lines no wider than `width`, the later ones indented like the first, and `hanging` more. */
export function wrap(text: string, width: number, hanging = 2): string[] {
  const indent = /^ */.exec(text)?.[0] ?? ''
  const lines: string[] = []
  let line = ''
  for (const whole of harmless(text).trim().split(/\s+/)) {
    // Of a path the end says more.
    const word = clipStart(whole, width - indent.length - hanging)
    const first = line === ''
    const start = lines.length === 0 ? indent : indent + ' '.repeat(hanging)
    if (first) line = start + word
    else if (widthOf(line) + 1 + widthOf(word) <= width) line += ` ${word}`
    else {
      lines.push(line)
      line = indent + ' '.repeat(hanging) + word
    }
  }
  return [...lines, line]
}
