import { mkdirSync, readFileSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { dirname, resolve } from 'node:path'
import { Misuse } from './misuse.ts'
import { otherCopy, root } from './own-package.ts'

/** Scenario files by their full paths. @throws Misuse for one that is not there, or uses another copy of Heddle */
export function scenarioFiles(paths: readonly string[]): string[] {
  return [...new Set(paths)].map((path) => {
    const file = resolve(path)
    const stat = statOf(file, path)
    if (stat === undefined) throw new Misuse(`there is no file ${path}`)
    if (!stat.isFile()) throw new Misuse(`${path} is no file; give scenario files, such as ${path.replace(/\/$/, '')}/*.ts`)
    const other = otherCopy(file)
    if (other !== null) {
      throw new Misuse(`${path} uses the Heddle in ${other}, and this is the one in ${root}. Run 'npx heddle' in the file's own project.`)
    }
    return file
  })
}

/** Undefined: there is no such file. @throws Misuse where the system does not even look: names too long, no permission */
function statOf(file: string, path: string): Stats | undefined {
  try {
    return statSync(file, { throwIfNoEntry: false })
  } catch (error) {
    throw new Misuse(`${path} can't be read: ${because(error)}`)
  }
}

/** @throws Misuse */
export function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw new Misuse(`${path} can't be read: ${because(error)}`)
  }
}

/** @throws Misuse */
export function write(path: string, text: string): void {
  try {
    mkdirSync(dirname(resolve(path)), { recursive: true })
    writeFileSync(path, text)
  } catch (error) {
    throw new Misuse(`${path} can't be written: ${because(error)}`)
  }
}

function because(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException
  if (code === 'ENOENT') return 'there is no such file'
  return code === 'EISDIR' ? 'it is a directory' : message
}
