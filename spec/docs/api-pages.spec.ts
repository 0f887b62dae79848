import { spawnSync } from 'node:child_process'
import { existsSync, rmSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'
import { declarationOf, exportsOf } from './exports.ts'

const root = fileURLToPath(new URL('../../', import.meta.url))
const out = 'build/api-of-spec'

test('npm run docs makes the API pages, without a warning', () => {
  rmSync(root + out, { recursive: true, force: true })
  const { status, stdout, stderr } = spawnSync('npm', ['run', '-s', 'docs', '--', '--logLevel', 'Warn', '--out', out], {
    cwd: root,
    encoding: 'utf8',
    timeout: 110_000,
  })
  // Typedoc's warnings are errors: typedoc.json says so.
  expect(status, stdout + stderr).toBe(0)
  const classes = exportsOf('heddle').filter((name) => !name.isType && declarationOf(name)?.kind === 'class')
  expect(classes.length).toBeGreaterThan(20)
  expect(classes.map(({ name }) => `${out}/classes/index.${name}.html`).filter((page) => !existsSync(root + page))).toEqual([])
})
