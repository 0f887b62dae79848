import type { CodeFrame, CodePlace, FailureFile, ScheduleRecord, SizeRecord, ValueRecord, WakeRecord } from '../../explore/failure-file.ts'
import { layOut, type Row, rowOf } from '../columns.ts'
import { howToReplay } from '../how-to-replay.ts'
import { placeInWords } from '../place.ts'
import type { Page, PageHistory, PagePlace, PageRow, PageSchedule, PageWait, PageWake } from './page.ts'
import { layOutWaits } from './wait-graph.ts'

/** What the viewer shows of a failure. */
export function pageOf(file: FailureFile): Page {
  const places = new Places(file.frames ?? [])
  const error = file.error.message === '' ? file.error.name : `${file.error.name}: ${file.error.message}`
  const failing = scheduleOf(file.failing, `${file.kind === 'error' ? 'fails' : file.kind}: ${error}`, places, file.repeats)
  const passing = file.passing && scheduleOf(file.passing, 'passes', places)
  const differs = file.passing && rowOf(layOut(file.failing).rows, file.passing.entry)
  const waits = file.waits ?? []
  const cycle = file.cycle ?? []
  const inCycle = new Set(cycle)
  return {
    name: file.name,
    kind: file.kind,
    error,
    stack: file.error.stack,
    facts: factsOf(file),
    token: file.failing.token,
    replay: howToReplay(file.failing.token, file.name),
    failing,
    passing,
    difference: file.passing && `passes if ${file.passing.words}`,
    differs,
    other: file.passing && otherOf(file.passing),
    begin: differs ?? firstOf(failing.rows, (r) => r.repeated === true) ?? firstOf(failing.rows, (r) => r.preemption) ?? 0,
    graph: waits.length === 0 ? undefined : layOutWaits(waits, cycle),
    waits: waits.map((w): PageWait => ({
      task: w.task,
      waitsFor: w.waitsFor,
      blockedBy: w.blockedBy.join(', '),
      holds: w.holds.join(', '),
      cycle: inCycle.has(w.task),
      waitsAt: places.of(w.waitsAt),
      createdAt: places.of(w.createdAt),
    })),
    cycle: cycle.length === 0 ? undefined : cycleInWords(cycle, file.waits ?? []),
    places: places.all(),
  }
}

function otherOf(passing: FailureFile['passing'] & object): Page['other'] {
  return { row: rowOf(layOut(passing).rows, passing.entry), pick: passing.steps[passing.entry]?.choice?.pick }
}

/** The row of the first that is so. */
function firstOf(rows: readonly PageRow[], is: (row: PageRow) => boolean): number | undefined {
  const at = rows.findIndex(is)
  return at < 0 ? undefined : at
}

function factsOf(file: FailureFile): string[] {
  const { before, after } = file
  const found = file.strategy === 'replay' ? 'replayed' : `schedule ${file.schedule}, found by ${file.strategy}, seed ${file.seed}`
  const facts = [found, sizeInWords(after)]
  if (sizeInWords(before) !== sizeInWords(after)) {
    facts.push(`minimised from ${sizeInWords(before)}${file.incomplete === true ? ', as far as its budget went' : ''}`)
  } else if (file.incomplete === true) {
    facts.push('no smaller one was found before minimising came to the end of its budget')
  }
  for (const t of file.timeouts ?? []) {
    const at = t.waitsAt === undefined ? '' : `, at ${placeInWords(t.waitsAt)}`
    facts.push(`the time limit of ${t.task} ran out while it waited for ${t.waitsFor}${at}`)
  }
  if (file.repeats !== undefined) facts.push(`the marked stretch was run ${file.repeats.times} times in a row`)
  return facts
}

function sizeInWords({ switches, picks, steps }: SizeRecord): string {
  const order = picks === 0 ? 'FIFO order' : `${count(picks, 'pick')} off FIFO`
  return `${count(switches, 'switch', 'switches')}, ${order}, ${count(steps, 'step')}`
}

function count(n: number, one: string, many = `${one}s`): string {
  return `${n} ${n === 1 ? one : many}`
}

function cycleInWords(cycle: readonly string[], waits: FailureFile['waits'] & object): string {
  const known = new Map(waits.map((w) => [w.task, w]))
  const links = cycle.map((task, i) => {
    const wait = known.get(task)
    const by = cycle.length === 1 ? 'itself' : cycle[(i + 1) % cycle.length]
    return `${task} waits for ${wait === undefined ? by : `${wait.waitsFor}, held up by ${by}`}`
  })
  return links.join('; ')
}

function scheduleOf(record: ScheduleRecord, end: string, places: Places, repeats?: FailureFile['repeats']): PageSchedule {
  const { columns, rows } = layOut(record)
  const wakes = wakesOf(record.wakes ?? [], rows, places)
  return {
    token: record.token,
    columns,
    rows: rows.map((row, i): PageRow => {
      const entries = record.steps.slice(row.entry, rows[i + 1]?.entry)
      const at = entries.findLast((s) => s.at !== undefined)?.at
      return {
        step: row.step,
        time: row.time,
        column: row.column,
        text: row.text,
        preemption: row.preemption,
        choice: entries[0]?.choice,
        place: places.of(at),
        wakes: wakes.get(i),
        omitted: record.omitted !== undefined && rowOf(rows, record.omitted.entry) === i ? record.omitted.count : undefined,
        repeated: repeats !== undefined && within(row.entry, repeats) ? true : undefined,
      }
    }),
    histories: historiesOf(record.values, rows),
    end,
  }
}

/** By row, what made it ready. */
function wakesOf(wakes: readonly WakeRecord[], rows: readonly Row[], places: Places): Map<number, PageWake[]> {
  const byRow = new Map<number, PageWake[]>()
  for (const w of wakes) {
    const row = rowOf(rows, w.entry)
    const wake = { by: rowOf(rows, w.by), how: w.how, place: places.of(w.at) }
    const known = byRow.get(row)
    if (known === undefined) byRow.set(row, [wake])
    else known.push(wake)
  }
  return byRow
}

/** In the last of the repetitions: those before it look the same. */
function within(entry: number, { entry: begin, length }: FailureFile['repeats'] & object): boolean {
  return entry >= begin && entry < begin + length
}

function historiesOf(values: readonly ValueRecord[], rows: readonly Row[]): PageHistory[] {
  const histories = new Map<string, { name: string; rows: number[]; writes: boolean[]; values: string[] }>()
  for (const v of values) {
    let history = histories.get(v.name)
    if (history === undefined) histories.set(v.name, (history = { name: v.name, rows: [], writes: [], values: [] }))
    history.rows.push(rowOf(rows, v.entry))
    history.writes.push(v.kind === 'write')
    history.values.push(v.value)
  }
  return [...histories.values()]
}

/** Each place once, however many steps go on from it. */
class Places {
  readonly #list: { readonly words: string; readonly frame?: string | undefined }[] = []
  readonly #files: string[] = []
  readonly #known = new Map<string, number>()
  readonly #frames: ReadonlyMap<string, string>

  constructor(frames: readonly CodeFrame[]) {
    this.#frames = new Map(frames.map((f) => [`${f.at.file}:${f.at.line}`, f.text]))
  }

  of(at: CodePlace | undefined): number | undefined {
    if (at === undefined) return undefined
    const words = placeInWords(at)
    const known = this.#known.get(words)
    if (known !== undefined) return known
    this.#known.set(words, this.#list.length)
    this.#files.push(at.file)
    return this.#list.push({ words, frame: this.#frames.get(`${at.file}:${at.line}`) }) - 1
  }

  all(): PagePlace[] {
    const shared = sharedFolders(this.#files)
    return this.#list.map((place) => ({ ...place, short: place.words.slice(shared) }))
  }
}

/** How many characters of folders all these paths begin with. */
function sharedFolders(files: readonly string[]): number {
  const [first = ''] = files
  let shared = 0
  for (let i = 0; i < first.length; i++) {
    const c = first[i]
    if (!files.every((f) => f[i] === c)) break
    if (c === '/' || c === '\\') shared = i + 1
  }
  return shared
}
