import type { Row } from './hunt.ts'

/** The rows of one package, as a Markdown table's lines. */
export function lines(name: string, version: string, rows: readonly Row[]): string[] {
  return rows.map((r) => {
    const how = r.exhausted ? 'all' : 'some'
    return `| ${[`${name} ${version}`, r.property, r.permute, `${r.schedules}, ${how}`, r.choicePoints, found(r)].join(' | ')} |`
  })
}

export const HEAD = [
  '| package | property | permute | schedules | choice points | find |',
  '| --- | --- | --- | --: | --: | --- |',
]

function found({ find, permute, trophy, known }: Row): string {
  if (find === null) return '–'
  if (permute === 'tasks') return `(an order nobody promised: ${find.message})`
  if (known !== null) return `${find.message} (${known})`
  return `**${find.message}**${trophy === null ? '' : ` ([${trophy}](#${trophy}))`}`
}
