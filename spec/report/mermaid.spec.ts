import { describe, expect, test } from 'vitest'
import { mermaid } from '../../src/report/mermaid.ts'
import { failureFileOf, longFile, scheduleRecordOf, stepRecord } from '../support/failure-files.ts'

/** What Mermaid cannot take for anything but text: letters, digits, a few signs, numeric entities. */
const TEXT = String.raw`((?:[\p{L}\p{M}\p{N} .,()/_…·'!?=*-]|#\d+;)+)`
const STATEMENTS = [
  new RegExp(`^  participant (L\\d+) as ${TEXT}$`, 'u'),
  new RegExp(`^  (L\\d+)(-?->>|-\\))(L\\d+): ${TEXT}$`, 'u'),
  new RegExp(`^  Note over L\\d+(?:,L\\d+)?: ${TEXT}$`, 'u'),
]

function linesOf(diagram: string): string[] {
  const [head, ...lines] = diagram.trimEnd().split('\n')
  expect(head).toBe('sequenceDiagram')
  return lines
}

/** The texts as a reader sees them. */
function readBack(diagram: string): string[] {
  return linesOf(diagram).map((line) => {
    const found = STATEMENTS.map((s) => s.exec(line)).find((m) => m !== null)
    expect(found, line).toBeDefined()
    return (found?.at(-1) ?? '').replaceAll(/#(\d+);/g, (_, code) => String.fromCodePoint(Number(code)))
  })
}

describe('a Mermaid diagram', () => {
  test('has a participant a lane, an arrow a step from the lane before, switches dashed', () => {
    const lines = linesOf(mermaid(failureFileOf()))
    expect(lines.slice(0, 3)).toEqual(['  participant L0 as main', '  participant L1 as save', '  participant L2 as load'])
    expect(lines.filter((l) => l.includes('>>'))).toEqual([
      '  L0->>L0: 1. s1',
      '  L0->>L1: 2. load',
      '  L1-->>L2: 3. read (switch)',
      '  L2->>L0: 4. s4',
    ])
    expect(readBack(mermaid(failureFileOf()))).toContain('1.5 s')
    expect(readBack(mermaid(failureFileOf())).at(-1)).toBe('Error: lost update: 1')
  })

  test.each([
    'end', 'END of it', ';drop', 'a#quot;b', 'a: b %% c', '</script><img src=x onerror=alert(1)>', 'participant X',
    '"q" `t` [x] {y}', '-->>L0: x', '𝒳 日本', '<br/>', 'a\\nb', '__proto__',
  ])('shows %j as it is', (label) => {
    const file = failureFileOf({ failing: scheduleRecordOf([stepRecord(1, { task: label, label })]) })
    const texts = readBack(mermaid(file))
    expect(texts.slice(0, 2)).toEqual([label, `1. ${label}`])
    // The word would end the statement, in any case.
    expect(linesOf(mermaid(file)).filter((l) => /\bend\b/i.test(l))).toEqual([])
  })

  test('keeps every text on its line, whatever it is made of', () => {
    const labels = ['x\nend\ny', '\ud800\u2028\u0000', '', 'long '.repeat(100)]
    const texts = labels.flatMap((label) =>
      readBack(mermaid(failureFileOf({ failing: scheduleRecordOf([stepRecord(1, { label, task: label })]) }))),
    )
    expect(texts).toContain('1. x end y')
    for (const t of texts) expect(t.length).toBeLessThanOrEqual(60)
  })

  test('says where steps were not kept', () => {
    const { steps, ...failing } = failureFileOf().failing
    const late = steps.map((s, i) => (i < 2 ? s : { ...s, step: s.step + 70 }))
    const texts = readBack(mermaid(failureFileOf({ failing: { ...failing, steps: late, omitted: { entry: 2, count: 70 } } })))
    expect(texts.slice(-5)).toEqual(['… 70 more steps', '73. read (switch)', '1.5 s', '74. s4', 'Error: lost update: 1'])
  })

  test('an open arrow where a step lets another lane go on later, but none to where a task starts, or to the next step', () => {
    const steps = [
      stepRecord(1, { label: 'start' }),
      stepRecord(2, { task: 'save', lane: 2, label: 'start' }),
      stepRecord(3, { label: 'sleep(1)' }),
      stepRecord(4, { task: 'load', lane: 3, label: 'start' }),
      stepRecord(5, { task: 'save', lane: 2, label: "Lock 'l'" }),
      stepRecord(6, { label: 'save' }),
    ]
    const wakes = [
      { entry: 1, by: 0, how: 'starts it' },
      { entry: 4, by: 2, how: "releases Lock 'l'" },
      { entry: 5, by: 4, how: 'ends' },
    ]
    const text = mermaid(failureFileOf({ failing: { ...scheduleRecordOf(steps), wakes } }))
    expect(linesOf(text).filter((l) => l.includes('-)'))).toEqual(["  L0-)L1: releases Lock 'l' (5)"])
    expect(readBack(text)).toContain("releases Lock 'l' (5)")
    const lines = linesOf(text)
    expect(lines.findIndex((l) => l.includes('-)'))).toBe(lines.findIndex((l) => l.includes('3. sleep')) + 1)
  })

  test('long schedules and many lanes stay within a page', () => {
    for (const file of [longFile(2000, 6), longFile(500, 60)]) {
      const lines = linesOf(mermaid(file))
      readBack(mermaid(file))
      expect(lines.length).toBeLessThan(200)
      expect(lines.filter((l) => l.includes('participant')).length).toBeLessThanOrEqual(12)
    }
    expect(linesOf(mermaid(longFile(500, 60))).at(11)).toContain('49 others')
  })
})
