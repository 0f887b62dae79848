import { describe, expect, test } from 'vitest'
import { checkSync, choose, gather, pause, sleep, type Trace } from '../../src/index.ts'
import { layOut } from '../../src/report/columns.ts'
import { swimlanes } from '../../src/report/swimlanes.ts'
import { stepRecord as step } from '../support/failure-files.ts'
import { failureOf } from '../support/failure-of.ts'

function heads(picture: string): string[] {
  return (picture.split('\n')[0] as string).trim().split(/ {2,}/)
}

/** The row of this step: the cell's text, and where it begins. */
function cellOf(picture: string, text: string): { row: string; at: number } {
  const row = picture.split('\n').slice(1).find((l) => l.includes(text))
  expect(row, `a row with ${text}`).toBeDefined()
  return { row: row as string, at: (row as string).indexOf(text) }
}

async function traceOf(body: () => Promise<unknown>): Promise<Trace> {
  return (await failureOf(body)).trace
}

describe('columns', () => {
  test('each task has one, named after it', async () => {
    const picture = swimlanes(
      await traceOf(async () => {
        await gather([async () => pause('left'), async () => pause('right')])
        throw new Error('end')
      }),
    )
    expect(heads(picture)).toEqual(['step', 'time', 'Task-1', 'Task-2', 'Task-3'])
    const head = picture.split('\n')[0] as string
    expect(cellOf(picture, 'left').at).toBe(head.indexOf('Task-2'))
    expect(cellOf(picture, 'right').at).toBe(head.indexOf('Task-3'))
  })

  test('native lanes of one task have one each, numbered from the second', async () => {
    const work = async (name: string) => {
      await pause(`${name} begins`)
      await pause(`${name} ends`)
    }
    const picture = swimlanes(
      await traceOf(async () => {
        await Promise.all([work('a'), work('b'), work('c')])
        throw new Error('end')
      }),
    )
    expect(heads(picture)).toEqual(['step', 'time', 'Task-1', 'Task-1·2', 'Task-1·3'])
    for (const name of ['a', 'b', 'c']) {
      expect(cellOf(picture, `${name} ends`).at).toBe(cellOf(picture, `${name} begins`).at)
    }
  })

  test('a value is chosen in the column of the lane that chooses', async () => {
    const trace = await traceOf(async () => {
      await pause('before')
      if (choose(['a', 'b', 'c'], 'letter') === 'c') throw new Error('c')
    })
    const { columns, rows } = layOut(trace)
    expect(columns).toEqual(['Task-1'])
    expect(rows.at(-1)).toMatchObject({ column: 0, text: expect.stringMatching(/letter.*3 of 3/) as string })
  })

  test('what belongs to no task is named by its kind', () => {
    const { columns } = layOut({
      steps: [
        step(1, {}),
        step(2, { task: undefined, lane: undefined }),
        step(3, { kind: 'clock', task: undefined, lane: undefined }),
      ],
    })
    expect(columns).toEqual(['main', 'callbacks', 'clock'])
  })
})

describe('rows', () => {
  test('an external and the resumption that follows at once are one, numbered without gaps', async () => {
    const trace = await traceOf(async () => {
      await pause('one')
      await pause('two')
      throw new Error('end')
    })
    const { rows } = layOut(trace)
    expect(rows.map((r) => r.text)).toEqual(['start', 'one', 'two'])
    expect(rows.map((r) => r.step)).toEqual([1, 2, 3])
  })

  test('virtual time runs down the side', () => {
    const report = checkSync(function* () {
      yield* sleep(1.5)
      throw new Error('end')
    })
    expect(cellOf(swimlanes(report.failure?.trace as Trace), 'sleep(1.5)').row).toMatch(/^\s+2\s+1\.5 s\s/)
  })

  test('a switch is marked, and only a switch', async () => {
    let n = 0
    const trace = await traceOf(async () => {
      n = 0
      const add = async () => {
        const before = n
        await pause('read')
        n = before + 1
      }
      await gather([() => add(), () => add()])
      if (n !== 2) throw new Error('lost update')
    })
    const marked = trace.steps.filter((s) => s.preemption).map((s) => s.step)
    expect(marked).toHaveLength(1)
    const lines = swimlanes(trace).split('\n').filter((l) => /^\s*\*\d/.test(l))
    expect(lines.map((l) => Number(/\d+/.exec(l)?.[0]))).toEqual(marked)
    expect(swimlanes(trace)).toContain('* a switch')
    const calm = { steps: trace.steps.map((s) => ({ ...s, preemption: false })) }
    expect(swimlanes(calm)).not.toContain('*')
  })
})

describe('a picture that would be too large', () => {
  test('in breadth: each line names its lane, and fits a terminal', () => {
    const label = 'something that takes a good many words to say '.repeat(3)
    const steps = Array.from({ length: 30 }, (_, i) =>
      step(i + 1, { task: `a worker with a long name ${i}`, lane: i, label }),
    )
    const lines = swimlanes({ steps }).split('\n')
    for (const line of lines) expect(line.length).toBeLessThanOrEqual(100)
    for (let i = 0; i < 30; i++) expect(lines[i + 1]).toContain(`a worker with a long name ${i}`)
  })

  test('in length: what a lane does undisturbed is counted, every switch is kept', () => {
    const steps = Array.from({ length: 1000 }, (_, i) =>
      step(i + 1, { lane: i < 600 ? 1 : 2, task: i < 600 ? 'a' : 'b', preemption: i === 600 }),
    )
    const lines = swimlanes({ steps }).split('\n')
    expect(lines.length).toBeLessThan(20)
    expect(lines.some((l) => /^\s*\*601\s/.test(l))).toBe(true)
    expect(lines.some((l) => /^\s*600\s/.test(l))).toBe(true)
    const rows = lines.filter((l) => /^\s*\*?\d+\s/.test(l)).length
    const left = lines.map((l) => Number(/… (\d+) more/.exec(l)?.[1] ?? 0)).reduce((a, b) => a + b)
    expect(rows + left).toBe(1000)
  })

  test('in both: thousands of switches stay within a screen or two', () => {
    const steps = Array.from({ length: 5000 }, (_, i) =>
      step(i + 1, { lane: i % 2, task: `t${i % 2}`, preemption: true }),
    )
    const lines = swimlanes({ steps }).split('\n')
    expect(lines.length).toBeLessThan(120)
    expect(lines.some((l) => /^\s*\*5000\s/.test(l))).toBe(true)
    expect(lines.some((l) => /^\s*\*1\s/.test(l))).toBe(true)
  })

  test('a label of several lines stays in its row', () => {
    const picture = swimlanes({ steps: [step(1, { label: 'select *\n  from t' })] })
    expect(cellOf(picture, 'select * from t').row).toMatch(/^\s+1\s/)
  })
})
