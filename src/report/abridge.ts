import type { Row } from './columns.ts'

/** A schedule of so many rows is shown in full. */
const FULL = 50
/** Where it is still too long without the middles of its runs: so much of its beginning and of its end is shown. */
const FIRST = 15
const LAST = 35
/** So many switches are shown of those between, the last ones. */
const SWITCHES = 20

/** Rows from `from` up to `to` repeat what those before and behind them do. */
export interface Repetition {
  readonly from: number
  readonly to: number
}

/**
 * The rows to show; a number stands for so many that are left out. Where one lane runs on and on, nothing is decided:
 * the middles of such runs go first. Of a run without an end a repetition is shown at its beginning and at its end.
 */
export function abridge(rows: readonly Row[], again?: Repetition): (Row | number)[] {
  const once = again && [...rows.keys()].filter((i) => i < again.from || i >= again.to)
  if (once !== undefined && once.length <= FULL) return only(rows, new Set(once))
  if (rows.length <= FULL) return only(rows, new Set(rows.keys()))
  const ends = [...rows.keys()].filter((i) => !inMiddleOfRun(rows, i))
  if (ends.length <= FULL) return only(rows, new Set(ends))
  const middle = ends.slice(FIRST, -LAST)
  const switches = middle.filter((i) => rows[i]?.preemption).slice(-SWITCHES)
  return only(rows, new Set([...ends.slice(0, FIRST), ...switches.flatMap((i) => [i - 1, i]), ...ends.slice(-LAST)]))
}

function inMiddleOfRun(rows: readonly Row[], i: number): boolean {
  const column = rows[i]?.column
  return rows[i - 1]?.column === column && rows[i + 1]?.column === column && rows[i]?.preemption !== true
}

/** The steps' own numbers tell how many are left out: a file need not have kept all of them either. */
function only(rows: readonly Row[], kept: ReadonlySet<number>): (Row | number)[] {
  const shown: (Row | number)[] = []
  let before: Row | undefined
  for (const [i, row] of rows.entries()) {
    if (!kept.has(i)) continue
    const missing = before === undefined ? i : row.step - before.step - 1
    if (missing > 0) shown.push(missing)
    shown.push(row)
    before = row
  }
  return shown
}
