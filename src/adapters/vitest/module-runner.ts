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
  readonly evaluatedModules: { getModuleById(id: string): ModuleNode | undefined }
  /** Runs a module, and what it imports, as far as they have not been run. */
  cachedRequest(url: string, node: ModuleNode, callstack: string[]): Promise<unknown>
}

/** It is no public part of vitest; null where there is none, or where another version has it elsewhere. */
export function moduleRunner(): ModuleRunner | null {
  const runner = field(field(globalThis, '__vitest_mocker__'), 'moduleRunner')
  return isRunner(runner) ? runner : null
}

/** Whether the tests have put a mock in the place of a module. */
export function isMocked({ id, meta }: ModuleNode): boolean {
  if (id.startsWith('mock:') || (meta !== undefined && 'mockedModule' in meta)) return true
  const mocker = field(globalThis, '__vitest_mocker__')
  const mockOf = field(mocker, 'getDependencyMock')
  return typeof mockOf === 'function' && Reflect.apply(mockOf, mocker, [id]) !== undefined
}

/** Whether an import of a module that has not been loaded yet is under way. */
export function isLoading(): boolean {
  const resolving = field(field(globalThis, '__vitest_worker__'), 'resolvingModules')
  return !(resolving instanceof Set) || resolving.size > 0
}

function isRunner(value: unknown): value is ModuleRunner {
  return typeof field(value, 'cachedRequest') === 'function' && typeof field(field(value, 'evaluatedModules'), 'getModuleById') === 'function'
}

function field(of: unknown, name: string): unknown {
  return typeof of === 'object' && of !== null ? Reflect.get(of, name) : undefined
}
