import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import type ts from 'typescript-6'

/** Module hooks: TypeScript as it lies in the repository, the instrumented code in its place, properties in short. */

let root = ''
export const initialize: InitializeHook<string> = (data) => {
  root = data
}

const SHORT = new URL('./short-properties.js', import.meta.url).href

export const resolve: ResolveHook = (specifier, context, next) => {
  if (specifier === 'fast-check' && context.parentURL !== SHORT && context.parentURL?.endsWith('.ts') === true) {
    return { url: SHORT, shortCircuit: true }
  }
  return next(specifier, context)
}

export const load: LoadHook = async (url, context, next) => {
  if (!url.startsWith('file:') || !url.endsWith('.ts')) return next(url, context)
  const path = fileURLToPath(url)
  const instrumented = `${root}build/mutation/code/${path.slice(root.length)}`
  const source = readFileSync(existsSync(instrumented) ? instrumented : path, 'utf8')
  return { format: 'module', shortCircuit: true, source: await compiled(source, path) }
}

/** Each text is compiled once: a new process begins several times in a run. */
async function compiled(source: string, path: string): Promise<string> {
  const kept = `${root}build/mutation/compiled/${createHash('sha256').update(path).update(source).digest('hex')}.js`
  if (existsSync(kept)) return readFileSync(kept, 'utf8')
  const { transpileModule, ScriptTarget, ModuleKind } = (await import('typescript-6')).default
  const compilerOptions: ts.CompilerOptions = {
    target: ScriptTarget.ES2022,
    module: ModuleKind.ESNext,
    verbatimModuleSyntax: true,
    inlineSourceMap: true,
  }
  const { outputText } = transpileModule(source, { fileName: path, compilerOptions })
  mkdirSync(`${root}build/mutation/compiled`, { recursive: true })
  writeFileSync(kept, outputText)
  return outputText
}
