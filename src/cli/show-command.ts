import { InvalidFailureFileError } from '../explore/json-reader.ts'
import type { FailureFile } from '../explore/failure-file.ts'
import { parseFailureFile } from '../explore/parse-failure-file.ts'
import { failureHtml } from '../report/html/failure-html.ts'
import { mermaid } from '../report/mermaid.ts'
import { perfettoTrace } from '../report/perfetto.ts'
import { regressionTest } from '../report/regression-test.ts'
import { terminalStyle } from '../report/style.ts'
import { describeFailure } from '../report/words.ts'
import { read, write } from './files.ts'
import { Misuse, NOTHING_FOUND } from './misuse.ts'
import { parseResults } from './parse-results.ts'

/** Options of `heddle show`. */
export interface ShowFlags {
  readonly html?: string
  readonly trace?: string
  readonly mermaid?: boolean
  readonly test?: boolean
  readonly number: string
}

/** `heddle show`: a failure that was kept, in words or as a picture. @throws Misuse */
export function showCommand(path: string, flags: ShowFlags): number {
  const file = failureIn(path, flags.number)
  const said: string[] = []
  const writeTo = (out: string | undefined, text: () => string): void => {
    if (out === undefined) return
    write(out, text())
    said.push(`wrote ${out}`)
  }
  writeTo(flags.html, () => failureHtml(file))
  writeTo(flags.trace, () => perfettoTrace(file))
  if (flags.mermaid === true) said.push(mermaid(file).trimEnd())
  if (flags.test === true) said.push(regressionTest(file).trimEnd())
  process.stdout.write(`${said.length === 0 ? describeFailure(file, terminalStyle()) : said.join('\n')}\n`)
  return NOTHING_FOUND
}

/** The failure of a failure file, or one of those in a results file. */
function failureIn(path: string, number: string): FailureFile {
  const text = read(path)
  if (/^\s*\{\s*"format"\s*:\s*"heddle-results"/.test(text)) return failureOf(text, path, number)
  try {
    return parseFailureFile(text)
  } catch (error) {
    if (error instanceof InvalidFailureFileError) throw new Misuse(`${path}: ${error.message}`)
    throw error
  }
}

function failureOf(text: string, path: string, number: string): FailureFile {
  const all = parseResults(text, path).results.flatMap((r) => r.distinct)
  if (all.length === 0) throw new Misuse(`${path} holds no failure: nothing was found`)
  const found = /^\d+$/.test(number) ? all[Number(number) - 1] : undefined
  if (found === undefined) throw new Misuse(`--number must be from 1 to ${all.length}, the failures in ${path}, not '${number}'`)
  return found.file
}
