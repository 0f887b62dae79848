import type { CodePlace, FailureFile, SizeRecord, WaitRecord } from '../explore/failure-file.ts'
import { howToReplay, tokenToCopy } from './how-to-replay.ts'
import { inSeconds } from './seconds.ts'
import { staleWriteInWords } from './stale-write.ts'
import { paints, plainStyle, type Style, workingDirectory } from './style.ts'
import { swimlanes } from './swimlanes.ts'
import { clip, harmless, wrap } from './text-width.ts'

/** So many tasks are told of one by one. */
const MOST = 20

/**
 * A failure as the user reads it: what failed, where among the schedules, the picture, which schedule passes, who waits for
 * whom, the lines of the code, how to replay it. Text of the program's is printed without what would steer the terminal.
 *
 * @example
 * ```ts
 * console.log(describeFailure(parseFailureFile(text), terminalStyle()))
 * ```
 */
export function describeFailure(file: FailureFile, style: Style = {}): string {
  const { columns, colours } = { ...plainStyle(), ...style }
  const paint = paints(colours)
  const wrapped = (text: string): string[] => wrap(text, columns)
  const [first = '', ...more] = headline(file, columns)
  return [
    paint.bold(paint.red(first)),
    ...more,
    '',
    ...wrapped(`  ${found(file)}; ${size(file.after)}`),
    ...shrunk(file).flatMap(wrapped),
    ...(file.kind === 'never' ? wrapped('  the picture is the schedule in FIFO order, one of those in which it did not hold') : []),
    '',
    swimlanes({ ...file.failing, repeats: file.repeats }, { columns, colours }),
    ...(file.kind === 'deadlock' ? wrapped('  each lane went no further than its last line') : []),
    ...passes(file).flatMap(wrapped).map(paint.green),
    // One sentence to be found and quoted, and so one line.
    ...section(staleWriteInWords(file).map((l) => `  ${l}`)),
    ...section(waits(file).flatMap(wrapped)),
    ...section(timeouts(file).flatMap(wrapped)),
    ...section(repeats(file).flatMap(wrapped)),
    ...section(frames(file, columns)),
    '',
    `  token   ${tokenToCopy(file.failing.token)}`,
    `  replay  ${howToReplay(file.failing.token, file.name)}`,
  ].join('\n')
}

function section(lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', ...lines]
}

function headline(file: FailureFile, columns: number): string[] {
  const { error, kind } = file
  const lines = harmless(`${error.name}: ${error.message}`).trimEnd().replace(/:$/, '').split('\n')
  switch (kind) {
    case 'error':
    case 'step-limit':
      return lines
    // Who waits for what is told below, with the lines of the code.
    case 'deadlock':
    case 'leak':
      return file.waits === undefined ? lines : lines.slice(0, 1)
    case 'unhandled':
      return [...lines, '  unhandled: nobody awaited what failed']
    case 'escape':
      return lines
    // What is said of the exploration itself has no error of the program's, and nothing in it must stay on one line.
    case 'never':
    case 'nondeterminism':
      return wrap(`${kind}: ${error.message}`, columns)
  }
}

function found({ strategy, schedule }: FailureFile): string {
  return strategy === 'replay' ? 'replayed' : `schedule ${schedule}, found by ${strategy}`
}

function size({ switches, picks }: SizeRecord): string {
  const order = picks === 0 ? 'in FIFO order' : `${count(picks, 'pick', 'picks')} off FIFO`
  return `${count(switches, 'switch', 'switches')}, ${order}`
}

function shrunk({ before, after, incomplete }: FailureFile): string[] {
  const budget = incomplete === true ? ', as far as its budget went' : ''
  if (before.switches !== after.switches || before.picks !== after.picks) return [`  minimised from ${size(before)}${budget}`]
  if (before.steps > after.steps) return [`  minimised from ${before.steps} steps to ${after.steps}${budget}`]
  return incomplete === true ? ['  no smaller one was found before minimising came to the end of its budget'] : []
}

function passes({ passing, failing }: FailureFile): string[] {
  if (passing === undefined) return []
  const step = failing.steps[passing.entry]?.step ?? passing.steps[passing.entry]?.step
  return [`  passes if ${passing.words}${step === undefined ? '' : ` (step ${step})`}`]
}

function waits({ waits: all, cycle, kind }: FailureFile): string[] {
  if (all === undefined) return []
  const circle = cycle === undefined || cycle.length === 0 ? [] : [`  the circle: ${[...cycle, cycle[0]].join(' → ')}`]
  const left = all.length - MOST
  return [
    kind === 'leak' ? '  left over:' : '  who waits for whom:',
    ...all.slice(0, MOST).map((w) => `    ${wait(w, kind === 'leak')}`),
    ...(left > 0 ? [`    … and ${left} more`] : []),
    ...circle,
  ]
}

function wait(w: WaitRecord, made: boolean): string {
  const holds = w.holds.length === 0 ? '' : ` holds ${w.holds.join(', ')} and`
  const others = w.blockedBy.filter((task) => task !== w.waitsFor)
  const by = others.length === 0 ? '' : ` (${others.slice(0, 5).join(', ')}${others.length > 5 ? ', …' : ''})`
  const born = made && w.createdAt !== undefined ? `; made at ${at(w.createdAt)}` : ''
  return `${w.task}${holds} waits for ${w.waitsFor}${by}${w.waitsAt === undefined ? '' : ` at ${at(w.waitsAt)}`}${born}`
}

function timeouts({ timeouts: all }: FailureFile): string[] {
  return (all ?? []).slice(0, MOST).map((t) => {
    const where = t.waitsAt === undefined ? '' : ` at ${at(t.waitsAt)}`
    return `  the time of ${t.task} ran out at ${inSeconds(t.time)}, while it waited for ${t.waitsFor}${where}`
  })
}

function repeats({ repeats: stretch, failing }: FailureFile): string[] {
  if (stretch === undefined) return []
  const { length, times } = stretch
  // An external's completion and the resumption after it are one step.
  const round = failing.steps.slice(-length).filter((s, i, all) => s.step !== all[i - 1]?.step)
  const steps = round.slice(0, 8).map((s) => [s.task, s.label].filter((x) => x !== undefined).join(' '))
  const more = round.length > 8 ? `, and ${round.length - 8} more` : ''
  return [`  it goes round: ${steps.join(', ')}${more}; at least ${times} times at its end`]
}

function frames({ frames: all }: FailureFile, columns: number): string[] {
  // Those without a note are for whoever goes through the steps.
  return (all ?? []).filter((f) => f.note !== undefined).flatMap((frame, i) => [
    ...(i === 0 ? [] : ['']),
    ...wrap(`  ${at(frame.at)}${frame.note === undefined ? '' : `: ${frame.note}`}`, columns),
    ...frame.text.split('\n').map((l) => `    ${clipped(l, columns - 4)}`),
  ])
}

/** Code keeps its spaces. */
function clipped(line: string, width: number): string {
  const [, spaces = '', rest = ''] = /^(\s*)(.*)$/s.exec(harmless(line.replaceAll('\t', '  '))) ?? []
  return spaces + rest.replace(/.*/s, (text) => (text.length + spaces.length > width ? `${text.slice(0, width - spaces.length - 1)}…` : text))
}

/** A place, short for files of this project. */
function at({ file, line, column }: CodePlace): string {
  const root = workingDirectory()
  const path = root !== '' && file.startsWith(`${root}/`) ? file.slice(root.length + 1) : file
  return `${clip(path, 200)}:${line}${column === undefined ? '' : `:${column}`}`
}

function count(n: number, one: string, many: string): string {
  return `${n} ${n === 1 ? one : many}`
}
