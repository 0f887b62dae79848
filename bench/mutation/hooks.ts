import { existsSync, readFileSync } from 'node:fs'
import type { InitializeHook, LoadHook, ResolveHook } from 'node:module'
import { fileURLToPath } from 'node:url'
import ts from 'typescript-6'

/** Module hooks: TypeScript as it lies in the repository, the instrumented code in its place, properties in short. */

let root = ''
export const initialize: InitializeHook<string> = (data) => {
  root = data
}

const OPTIONS: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2022,
  module: ts.ModuleKind.ESNext,
  verbatimModuleSyntax: true,
  inlineSourceMap: true,
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
  const { outputText } = ts.transpileModule(source, { fileName: path, compilerOptions: OPTIONS })
  return { format: 'module', shortCircuit: true, source: outputText }
}
