import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { parse } from 'yaml'

interface Step {
  readonly name?: string
  readonly uses?: string
  readonly run?: string
  readonly if?: string
  readonly with?: Record<string, unknown>
}

interface Workflow {
  readonly env: Record<string, string>
  readonly jobs: Record<string, { readonly strategy?: { readonly 'fail-fast': boolean; readonly matrix: { shard: number[] } }; readonly needs?: string; readonly steps: Step[] }>
}

const root = fileURLToPath(new URL('../..', import.meta.url))
const workflow = parse(readFileSync(join(root, 'examples/ci/heddle.yml'), 'utf8')) as Workflow
const { explore, merge } = workflow.jobs
const SHARDS = 2

/** A project that has Heddle installed, and the scenarios of the example. */
const project = mkdtempSync(join(tmpdir(), 'heddle-ci-'))

beforeAll(() => {
  cpSync(join(root, 'examples/ci/scenarios'), join(project, 'scenarios'), { recursive: true })
  writeFileSync(join(project, 'package.json'), '{ "name": "shop", "type": "module" }')
  mkdirSync(join(project, 'node_modules/.bin'), { recursive: true })
  symlinkSync(root, join(project, 'node_modules/heddle'))
  symlinkSync(join(root, 'node_modules/vite'), join(project, 'node_modules/vite'))
  writeFileSync(join(project, 'node_modules/.bin/heddle'), `#!/bin/sh\nexec "${process.execPath}" "${root}dist/cli/main.js" "$@"\n`, { mode: 0o755 })
})
afterAll(() => rmSync(project, { recursive: true }))

/** Runs a step's command as the runner does, with the expressions of this shard put in. */
function runStep(step: Step | undefined, shard: number): { code: number | null; out: string } {
  const script = (step?.run ?? '')
    .replaceAll('${{ matrix.shard }}', String(shard))
    .replaceAll('${{ strategy.job-total }}', String(SHARDS))
  expect(script).not.toContain('${{')
  const { status, stdout, stderr } = spawnSync('bash', ['-e', '-o', 'pipefail', '-c', script], {
    cwd: project,
    encoding: 'utf8',
    env: { ...process.env, HEDDLE_BUDGET: '500', NO_COLOR: '1', FORCE_COLOR: '', CI: '1' },
  })
  return { code: status, out: stdout + stderr }
}

const stepOf = (job: typeof explore, text: string): Step | undefined => job?.steps.find((s) => s.run?.includes(text))

describe('the workflow in examples/ci', () => {
  it('is a matrix of shards and a job that joins them', () => {
    expect(explore?.strategy?.matrix.shard).toEqual([1, 2, 3, 4])
    expect(explore?.strategy?.['fail-fast']).toBe(false)
    expect(merge?.needs).toBe('explore')
    // What one job uploads the other downloads.
    const up = explore?.steps.find((s) => s.uses?.startsWith('actions/upload-artifact'))
    const down = merge?.steps.find((s) => s.uses?.startsWith('actions/download-artifact'))
    expect(up?.with).toMatchObject({ name: 'heddle-${{ matrix.shard }}', path: 'results/' })
    expect(down?.with).toMatchObject({ pattern: 'heddle-*', path: 'results', 'merge-multiple': true })
    expect(Object.keys(workflow.env)).toEqual(['HEDDLE_BUDGET'])
  })

  it('finds the race of the example when its commands are run for two shards', () => {
    for (let shard = 1; shard <= SHARDS; shard++) {
      const { code, out } = runStep(stepOf(explore, 'heddle explore'), shard)
      expect(code, out).toBe(0)
    }
    const joined = runStep(stepOf(merge, 'heddle merge'), 0)
    expect(joined.code, joined.out).toBe(1)
    expect(joined.out).toContain('✗ scenarios/stock.ts > the last one is sold once')
    expect(joined.out).toMatch(/✓ scenarios\/stock.ts > no more is sold than there is {2}\d+ schedules, \d+ choice points, all there are/)
    expect(joined.out).toContain('::error file=scenarios/stock.ts')
    const drawn = runStep(stepOf(merge, 'heddle show'), 0)
    expect(drawn.code, drawn.out).toBe(0)
    expect(readFileSync(join(project, 'heddle-failure.html'), 'utf8')).toContain('sold 2, had one')
  })

  it('fails if a shard has not done its work', () => {
    rmSync(join(project, 'results/shard-2.json'))
    const { code, out } = runStep(stepOf(merge, 'heddle merge'), 0)
    // A failure that the other shard has found still counts.
    expect([1, 2], out).toContain(code)
    expect(out).toContain('the results of 2/4, 4/4 are missing')
  })
})
