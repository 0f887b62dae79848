import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { writeWhole } from '../../src/adapters/whole-file.ts'

let directory = ''
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'heddle-whole-'))
})
afterEach(() => {
  rmSync(directory, { recursive: true, force: true })
})

/** A process that has ended: its number is nobody's, for now. */
const gone = spawnSync(process.execPath, ['-e', '']).pid
const alive = process.ppid

/** What a process that was killed leaves behind, so many seconds ago. */
function remnant(name: string, seconds: number): void {
  const path = join(directory, name)
  writeFileSync(path, 'half a fi')
  const at = statSync(path).mtimeMs / 1000 - seconds
  utimesSync(path, at, at)
}

function left(): string[] {
  writeWhole(join(directory, 'a.json'), 'whole')
  expect(readFileSync(join(directory, 'a.json'), 'utf8')).toBe('whole')
  return readdirSync(directory).filter((name) => name !== 'a.json').toSorted()
}

describe('what a killed process has left', () => {
  test('goes with the next write, whatever file it was to be', () => {
    remnant(`a.json.${gone}-0.tmp`, 90)
    remnant(`b-1a2b3c4d.json.${gone}-12.tmp`, 90)
    expect(left()).toEqual([])
  })

  test('stays while its process may live, or while the file is fresh', () => {
    const names = [`b.json.${alive}-0.tmp`, `b.json.${gone}-0.tmp`]
    remnant(names[0] as string, 90)
    remnant(names[1] as string, 30)
    expect(left()).toEqual(names.toSorted())
  })

  test('goes after an hour, though another process has the number by now', () => {
    remnant(`b.json.${alive}-0.tmp`, 3590)
    remnant(`c.json.${alive}-0.tmp`, 3610)
    expect(left()).toEqual([`b.json.${alive}-0.tmp`])
  })

  test('is told from whatever else is there', () => {
    const names = ['b.json', 'b.tmp', 'notes.txt', `b.json.${gone}-0.tmp.txt`, 'b.json.x-0.tmp']
    for (const name of names) remnant(name, 7200)
    expect(left()).toEqual(names.toSorted())
  })
})

test('a write that fails leaves nothing, and says why', () => {
  mkdirSync(join(directory, 'a.json', 'full'), { recursive: true })
  expect(() => writeWhole(join(directory, 'a.json'), 'whole')).toThrow(/EISDIR|ENOTEMPTY|EEXIST|EPERM/)
  expect(readdirSync(directory)).toEqual(['a.json'])
})
