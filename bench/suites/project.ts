import { execFileSync } from 'node:child_process'
import { mkdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Suite } from './suites.ts'

const VITEST = '4.1.12'

/** vitest as the package's own configuration has it, and the two lines that a user of the runner adds. */
function configOf({ environment, aliases = {} }: Suite): string {
  const alias = Object.entries(aliases).map(([find, to]) => `{ find: /${find.replaceAll('/', '\\/')}/, replacement: src + ${JSON.stringify(to)} }`)
  return `
import { heddle } from 'heddle/vite'
import { defineConfig } from 'vitest/config'

const src = new URL('./src/', import.meta.url).pathname
export default defineConfig({
  plugins: [heddle()],
  resolve: { alias: [${alias.join(', ')}] },
  test: {
    globals: true,
    environment: '${environment}',
    include: ['src/**/*.test.{ts,tsx}'],
    runner: 'heddle/vitest/runner',
    reporters: ['dot', 'heddle/vitest/reporter'],
  },
})
`
}

/** Without it, classes would get fields that the packages' own builds do not make. */
const TSCONFIG = { compilerOptions: { target: 'ES2020', useDefineForClassFields: false, jsx: 'react-jsx' } }

/** Unpacks the suite as it was published, and installs beside it what it needs; `heddle` is a packed package. */
export function makeProject(folder: string, suite: Suite, heddle: string): void {
  rmSync(folder, { recursive: true, force: true })
  mkdirSync(folder, { recursive: true })
  const npm = (...args: string[]): string => execFileSync('npm', args, { cwd: folder, encoding: 'utf8', stdio: ['ignore', 'pipe', 'inherit'] })
  const packed = npm('pack', '--silent', `${suite.name}@${suite.version}`).trim()
  execFileSync('tar', ['xzf', packed, '--strip-components=1', 'package/src'], { cwd: folder })
  const devDependencies = { ...suite.needs, vitest: VITEST, heddle: `file:${heddle}` }
  const write = (name: string, text: string): void => writeFileSync(join(folder, name), text)
  write('package.json', JSON.stringify({ private: true, type: 'module', devDependencies }, null, 2))
  write('tsconfig.json', JSON.stringify(TSCONFIG))
  write('vitest.config.js', configOf(suite))
  npm('install', '--no-audit', '--no-fund', '--loglevel', 'error')
}
