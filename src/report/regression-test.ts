import type { FailureFile } from '../explore/failure-file.ts'
import type { Shape } from '../explore/options.ts'
import { decodeToken } from '../explore/token.ts'
import { harmless } from './text-width.ts'

/** Where the test finds the code under test. */
export interface RegressionTestOptions {
  /** The module that exports the body, as the test imports it. Default: the scenario file, else a name to be filled in. */
  from?: string
  /** The name of the body in that module. Default: 'body'. */
  body?: string
}

/**
 * The text of a vitest test that makes this failure happen again, without exploring: it forces the order that matters and
 * leaves all else to FIFO. It fails on the code that has the fault, and passes once that is mended. Where the steps' names
 * are not enough to tell them apart, it replays the token, and is to be removed when the code has changed.
 *
 * @example
 * ```ts
 * await writeFile('transfer.test.ts', regressionTest(failure.file, { from: './transfer.ts', body: 'transfer' }))
 * ```
 */
export function regressionTest(file: FailureFile, options: RegressionTestOptions = {}): string {
  const { from, body } = bodyOf(file, options)
  const title = file.name === '' ? 'the order that once failed' : `${file.name}: the order that once failed`
  const { use, lines } = callOf(file, body)
  return `${[
    `import { ${use} } from 'heddle'`,
    ...(lines.some((l) => l.includes('sequencer(')) ? ["import { sequencer } from 'heddle/strategies'"] : []),
    "import { test } from 'vitest'",
    from,
    '',
    `// ${oneLine([file.error.name, file.error.message.split('\n')[0]].filter((x) => x !== '').join(': '))}`,
    ...(file.passing === undefined ? [] : [`// It passes if ${oneLine(file.passing.words)}.`]),
    `test(${quoted(title)}, async () => {`,
    ...lines,
    '})',
  ].join('\n')}\n`
}

/** The import of the body, and what it is called then. */
function bodyOf({ name }: FailureFile, options: RegressionTestOptions): { from: string; body: string } {
  if (options.from === undefined && options.body === undefined) {
    const scenario = scenarioIn(name)
    if (scenario !== null) return scenario
  }
  const body = identifier(options.body ?? 'body')
  if (options.from !== undefined) return { from: `import { ${body} } from ${quoted(options.from)}`, body }
  const fill = '// to be filled in: the module, and the body that was explored'
  return { from: `import { ${body} } from './the-module-under-test.ts' ${fill}`, body }
}

/** The command line names a test after its scenario file: `stock.ts > sold once`, or `stock.ts` for its default export. */
function scenarioIn(name: string): { from: string; body: string } | null {
  const [, path, scenario] = /^([^>]+\.[cm]?[jt]sx?)(?: > (.+))?$/s.exec(name) ?? []
  // The body of a test is no export of its file's.
  if (path === undefined || /\.(?:spec|test)\.\w+$/.test(path)) return null
  const from = quoted(/^(?:\.{0,2}\/|[A-Za-z]:)/.test(path) ? path : `./${path}`)
  if (scenario === undefined) return { from: `import body from ${from}`, body: 'body' }
  return { from: `import { scenarios } from ${from}`, body: `scenarios[${quoted(scenario)}]` }
}

function callOf(file: FailureFile, body: string): { use: string; lines: string[] } {
  if (file.kind === 'never' || file.kind === 'nondeterminism') {
    const why = file.kind === 'never' ? 'some schedule must get there' : 'schedules must not depend on each other'
    return { use: 'explore', lines: [`  await explore(${body}) // ${why}: no single order shows it`] }
  }
  if (file.order === undefined) return { use: 'replay', lines: byToken(file, body) }
  return { use: 'explore', lines: byOrder(file, body, file.order) }
}

function byOrder(file: FailureFile, body: string, order: readonly string[]): string[] {
  const shape = shapeOf(file)
  if (order.length === 0 && shape.length === 0) return [`  await explore(${body}, { strategy: sequencer([]) }) // the order is FIFO`]
  return [
    `  await explore(${body}, {`,
    ...(order.length === 0
      ? ['    strategy: sequencer([]), // the order is FIFO']
      : ['    strategy: sequencer([', ...order.map((name) => `      ${quoted(name)},`), '    ]),']),
    ...shape.map((line) => `    ${line},`),
    '  })',
  ]
}

function byToken(file: FailureFile, body: string): string[] {
  return [
    file.kind === 'escape'
      ? '  // What is real is in no schedule: this is the order in which it was met, of the program as it is now.'
      : '  // The steps have no names that tell them apart, so that this holds for the program as it is now only.',
    `  const { failure } = await replay(${body}, ${quoted(file.failing.token)})`,
    '  if (failure !== undefined) throw failure.error',
  ]
}

/** The options that the schedule was made with, apart from the defaults. */
function shapeOf(file: FailureFile): string[] {
  let shape: Shape
  try {
    shape = decodeToken(file.failing.token).shape
  } catch {
    return []
  }
  const { permute, awaits, maxSteps, leaks, cancel, faults, globals } = shape
  return [
    ...(permute === 'tasks' ? [] : [`permute: '${permute}'`]),
    ...(awaits === 'slow' ? [] : [`awaits: '${awaits}'`]),
    ...(maxSteps === 100_000 ? [] : [`maxSteps: ${maxSteps}`]),
    ...(leaks === 'error' ? [] : [`leaks: '${leaks}'`]),
    ...(cancel === null ? [] : [`cancel: ${cancel === true ? 'true' : `[${cancel.map(quoted).join(', ')}]`}`]),
    ...(globals === undefined ? [] : [`globals: ${globals === null ? 'false' : JSON.stringify(globals)}`]),
    ...(faults === 1 ? [] : [`faults: { max: ${faults} }`]),
  ]
}

/** What JSON.stringify leaves as it is: line ends of JavaScript, controls of old terminals, directions of writing. */
const UNSEEN = /[\u007f-\u009f\u2028\u2029\u202a-\u202e\u2066-\u2069]/g

/** As a string of the source's. */
function quoted(text: string): string {
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll("'", "\\'")
  // JSON allows them as they are, and a line of code does not show them, or shows another line than there is.
  return `'${inner.replaceAll(UNSEEN, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`)}'`
}

function oneLine(text: string): string {
  return harmless(text).replaceAll(/\s+/g, ' ')
}

/** @throws TypeError: what is no name would be code */
function identifier(name: string): string {
  if (/^[\p{ID_Start}$_][\p{ID_Continue}$]*$/u.test(name)) return name
  throw new TypeError(`${JSON.stringify(name)} is no name that a module could export`)
}
