import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { heddle } from './heddle.ts'

const folder = mkdtempSync(join(tmpdir(), 'heddle-misuse-'))
afterAll(() => rmSync(folder, { recursive: true }))

/** Files as users get them wrong. */
const FILES = {
  'good.mjs': 'export default function () {}',
  'nothing.mjs': 'export const other = 1',
  'number.mjs': 'export default 42',
  'list.mjs': 'export default [() => {}]',
  'empty.mjs': 'export const scenarios = {}',
  'mixed.mjs': "export const scenarios = { good() {}, bad: 'text' }",
  'syntax.mjs': 'export default function () {\n  const = 1\n}',
  'syntax.ts': 'export default function (): void {\n  const = 1\n}',
  'throws.mjs': "function broken(): never {}\n",
  'thrown.mjs': "export default () => {}\nthrow new Error('no database')",
  'import.mjs': "import './not-there.mjs'\nexport default () => {}",
  'exits.mjs': 'export default function () { process.exit(3) }',
  'exits-at-once.mjs': 'process.exit(4)',
  'broken.json': '{"format": "heddle-results", "version": 1, "results": [{"file": 3',
  'wrong.json': '{"format": "heddle-results", "version": 1, "results": [{"file": "a.ts"}]}',
  'newer.json': '{"format": "heddle-results", "version": 2, "results": []}',
  'other.json': '{"name": "something"}',
  'deep.json': `{"format": "heddle-failure", "version": 1, "failing": ${'['.repeat(50_000)}${']'.repeat(50_000)}}`,
  'none.json': '{"format": "heddle-results", "version": 1, "results": []}',
}
for (const [name, text] of Object.entries(FILES)) writeFileSync(join(folder, name), text)
mkdirSync(join(folder, 'folder'))

/** Command lines, and what the complaint must say. */
const MISUSE: [string, RegExp][] = [
  ['', /Usage: heddle/],
  ['frob', /unknown command 'frob'/],
  ['explore', /missing required argument 'files'/],
  ['explore good.mjs --frob', /unknown option '--frob'/],
  ['explore good.mjs --schedules', /argument missing/],
  ['explore absent.mjs', /there is no file absent.mjs/],
  ['explore folder', /folder is no file; give scenario files, such as folder\/\*.ts/],
  ['explore good.mjs absent.ts', /there is no file absent.ts/],
  ['explore nothing.mjs', /nothing.mjs exports no scenario. Export a function/],
  ['explore number.mjs', /the default export is 42. Export a function/],
  ['explore list.mjs', /the default export is a list/],
  ['explore empty.mjs', /'scenarios' is empty/],
  ['explore mixed.mjs', /'scenarios': 'bad' is text, not a function/],
  ['explore syntax.mjs', /syntax.mjs could not be loaded: .*syntax.mjs:2\n {2}const = 1[^]*SyntaxError/],
  ['explore syntax.ts', /syntax.ts could not be loaded: [^]*2/],
  ['explore throws.mjs', /SyntaxError/],
  ['explore thrown.mjs', /thrown.mjs could not be loaded: Error: no database\n.*thrown.mjs:2/],
  ['explore import.mjs', /import.mjs could not be loaded: .*not-there.mjs/],
  ['explore exits.mjs', /exit code 3: scenarios must not call process.exit\(\)/],
  ['explore exits-at-once.mjs', /exit code 4/],
  ['explore good.mjs --schedules many', /--schedules must be a whole number of at least 1, not 'many'/],
  ['explore good.mjs --schedules 0', /--schedules must be a whole number of at least 1, not '0'/],
  ['explore good.mjs --time 60', /--time must be a duration such as 500ms, 60s, 5m or 1h, not '60'/],
  ['explore good.mjs --strategy best', /--strategy: no strategy is called "best"; there are auto, /],
  ['explore good.mjs --seed -1', /--seed must be a whole number/],
  ['explore good.mjs --workers 0', /--workers must be a whole number from 1 to 64, not '0'/],
  ['explore good.mjs --shard 3/2', /--shard must be i\/n with i from 1 to n, such as 2\/4, not '3\/2'/],
  ['explore good.mjs --first 3 --workers 2', /--first needs one worker and no --shard/],
  ['explore good.mjs --cancel', /argument missing/],
  ['explore good.mjs --faults few', /--faults must be a whole number of at least 0, not 'few'/],
  ['explore good.mjs --permute all', /--permute must be 'tasks' or 'io', not 'all'/],
  ['explore good.mjs --assume all', /--assume must be 'tracked', not 'all'/],
  ['explore good.mjs --reporter spec', /--reporter must be words, json, github, not 'spec'/],
  ['explore good.mjs --name other', /no scenario is called 'other'; there are 'default'/],
  ['explore good.mjs --json folder', /folder can't be written: it is a directory/],
  ['replay good.mjs', /required option '--token <token>' not specified/],
  ['replay good.mjs --token h1.abc', /--token: this is not a valid replay token: .* Copy the whole token/],
  ['replay absent.mjs --token h1.AKCNBgABBgDG9HeOZHNzbvfbcuE-', /there is no file|not a valid replay token/],
  ['show', /missing required argument 'failure'/],
  ['show absent.json', /absent.json can't be read: there is no such file/],
  ['show other.json', /other.json: this is not a valid failure file: its field 'format'/],
  ['show broken.json', /broken.json is not a valid results file: it is no JSON/],
  ['show deep.json', /deep.json: this is not a valid failure file: 'failing' must be an object, and is a list of 1/],
  [`explore ${'x'.repeat(300)}.mjs`, /x.mjs can't be read: ENAMETOOLONG/],
  ['show none.json', /none.json holds no failure/],
  ['merge', /missing required argument 'results'/],
  ['merge absent.json', /absent.json can't be read/],
  ['merge folder', /folder can't be read: it is a directory/],
  ['merge other.json', /other.json is not a valid results file: its field 'format' is not 'heddle-results'/],
  ['merge broken.json', /broken.json is not a valid results file: it is no JSON/],
  ['merge wrong.json', /wrong.json is not a valid results file: 'results\[0\].most' is missing/],
  ['merge newer.json', /newer.json is not a valid results file: it has version 2, and this Heddle reads version 1/],
  ['merge none.json', /the files hold no results/],
]

describe('misuse ends with exit code 2 and a line that says what to do', () => {
  it.concurrent.each(MISUSE)('heddle %s', async (command, complaint) => {
    const { code, out, err } = await heddle(command.split(' ').filter(Boolean), { cwd: folder })
    expect(err).toMatch(complaint)
    // No stack.
    expect(err + out).not.toMatch(/\n\s+at .*\n\s+at /)
    expect(code).toBe(2)
  })
})

describe('help', () => {
  it.each(['--help', 'explore --help', 'replay --help', 'show --help', 'merge --help'])('heddle %s teaches by examples', async (command) => {
    const { code, out } = await heddle(command.split(' '))
    expect(code).toBe(0)
    expect(out).toMatch(/\$ (npx )?heddle /)
    if (command !== 'show --help') expect(out).toContain('Exit codes:')
  })
})
