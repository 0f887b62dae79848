import { vi } from 'vitest'

/** A module as vite's module runner keeps it. */
export interface ModuleNode {
  readonly id: string
  readonly url: string
  readonly imports: ReadonlySet<string>
  readonly meta?: object | undefined
  evaluated: boolean
  promise: Promise<unknown> | undefined
  exports: unknown
}

/** What has loaded the tests in this worker: vitest's version of vite's module runner. */
export interface ModuleRunner {
  readonly evaluatedModules: {
    readonly idToModuleMap: ReadonlyMap<string, ModuleNode>
    getModuleById(id: string): ModuleNode | undefined
  }
  /** Runs a module, and what it imports, as far as they have not been run. */
  cachedRequest(url: string, node: ModuleNode, callstack: string[]): Promise<unknown>
}

/** This package's own modules: vite loads them where they are linked instead of installed. */
const OWN = slashes(decodeURI(new URL('../../', import.meta.url).pathname)).replace(/^\/(?=[A-Za-z]:)/, '')

/** It is no public part of vitest; null where there is none, or where another version has it elsewhere. */
export function moduleRunner(): ModuleRunner | null {
  const runner = field(mocker(), 'moduleRunner')
  return isRunner(runner) ? runner : null
}

/** Whether a module is the project's: no package's, none of ours, and no mock. */
export function isOfTheProject(node: ModuleNode): boolean {
  const { id, meta } = node
  return meta !== undefined && !('externalize' in meta) && !isOwn(id) && !isMocked(node)
}

/** Whether a module is in this package, or in a folder of it. */
export function isOwn(id: string, folder = ''): boolean {
  return slashes(id.replace(/^file:\/\/(?=\/)/, '')).startsWith(OWN + folder)
}

/** Whether the tests have put a mock in the place of a module. */
function isMocked({ id, meta }: ModuleNode): boolean {
  if (id.startsWith('mock:') || (meta !== undefined && 'mockedModule' in meta)) return true
  const mockOf = field(mocker(), 'getDependencyMock')
  return typeof mockOf === 'function' && Reflect.apply(mockOf, mocker(), [id]) !== undefined
}

/** Resolves when every import that is under way is done. */
export async function settled(): Promise<void> {
  const resolving = field(field(globalThis, '__vitest_worker__'), 'resolvingModules')
  if (!(resolving instanceof Set) || resolving.size > 0) await vi.dynamicImportSettled()
}

function mocker(): unknown {
  return field(globalThis, '__vitest_mocker__')
}

function isRunner(value: unknown): value is ModuleRunner {
  const modules = field(value, 'evaluatedModules')
  return (
    typeof field(value, 'cachedRequest') === 'function' &&
    typeof field(modules, 'getModuleById') === 'function' &&
    typeof field(field(modules, 'idToModuleMap'), 'values') === 'function'
  )
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined
}

function slashes(path: string): string {
  return path.replaceAll('\\', '/')
}
