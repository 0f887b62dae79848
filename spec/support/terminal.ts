/** What a terminal shows in the end, line by line: of the sequences that move or clear, those that are used here. */
export function screenOf(output: string): string[] {
  const lines = ['']
  let row = 0
  let column = 0
  const put = (text: string): void => {
    const line = (lines[row] as string).padEnd(column)
    lines[row] = line.slice(0, column) + text + line.slice(column + text.length)
    column += text.length
  }
  // eslint-disable-next-line no-control-regex
  for (const [whole, count, command] of output.matchAll(/\u001B\[([?\d;]*)([A-Za-z])|[\r\n]|[^\u001B\r\n]+/g)) {
    if (whole === '\r') column = 0
    else if (whole === '\n') {
      // A pipe's newline: a terminal returns as well.
      column = 0
      if (++row === lines.length) lines.push('')
    } else if (command === 'A') row = Math.max(0, row - Number(count || 1))
    else if (command === 'K') lines[row] = (lines[row] as string).slice(0, column)
    else if (command === undefined) put(whole)
  }
  return lines.map((line) => line.trimEnd())
}
