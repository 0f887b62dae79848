import { isOfTheProject, isOwn, type ModuleNode, moduleRunner, type ModuleRunner, settled } from './module-runner.ts'

/** The test API: what imports it is a part of the tests, and is not run again while one of them is under way. */
const VITEST = /^@?vitest(\/|$)|[\\/]node_modules[\\/]@?vitest[\\/]/

/** There is no way to have fresh modules. */
export class NoModuleRunner extends Error {
  override readonly name = 'NoModuleRunner'
  constructor() {
    super(
      "option isolate: true runs modules anew in vite's module runner, which has not loaded this test. Make the state anew in the " +
        'body, reset it in `setup`, or give a function that imports the modules again and returns the body.',
    )
  }
}

/** Explorations take turns: whose turn it is. */
let holder: FreshModules | null = null

function takeTurn(modules: FreshModules): void {
  holder?.restore()
  holder = modules
}

/**
 * Runs the project's modules anew, as vite has transformed them, as often as it is asked: those that a test file imports, and
 * those that they import. The test file is not run again, nor what takes part in the tests by importing vitest: that would
 * define tests, hooks and mocks within a test. What these have imported is replaced in its place: code that vite has
 * transformed reads every import off the module's object of exports when it uses it, and that object is given the new
 * module's exports.
 *
 * Mocks and packages in node_modules stay.
 */
export class FreshModules {
  readonly #runner: ModuleRunner
  readonly #testFile: string
  /** The objects of exports that the tests hold, and what they were at first. */
  readonly #held = new Map<ModuleNode, { readonly exports: object; readonly first: PropertyDescriptorMap }>()
  readonly #first = new Map<ModuleNode, Pick<ModuleNode, 'evaluated' | 'promise' | 'exports'>>()

  /** @throws NoModuleRunner where vite's module runner has not loaded the test */
  constructor(testFile: string) {
    const runner = moduleRunner()
    if (runner?.evaluatedModules.getModuleById(testFile) === undefined) throw new NoModuleRunner()
    this.#runner = runner
    this.#testFile = testFile
  }

  /** Before a schedule. */
  async renew(): Promise<void> {
    if (holder !== this) {
      takeTurn(this)
      this.#hold()
    }
    await settled()
    const { fresh } = this.#graph()
    for (const node of fresh) Object.assign(node, { evaluated: false, promise: undefined, exports: undefined })
    for (const [node, { exports }] of this.#held) {
      const renewed = await this.#runner.cachedRequest(node.url, node, [])
      if (isObject(renewed)) replaceExports(exports, forwardingTo(renewed))
    }
  }

  /** Everything as it was before the first schedule. */
  restore(): void {
    if (holder !== this) return
    holder = null
    for (const [node, state] of this.#first) Object.assign(node, state)
    for (const { exports, first } of this.#held.values()) replaceExports(exports, first)
    this.#first.clear()
    this.#held.clear()
  }

  #hold(): void {
    const { fresh, held } = this.#graph()
    for (const node of fresh) this.#first.set(node, { evaluated: node.evaluated, promise: node.promise, exports: node.exports })
    for (const node of held) {
      const { exports } = node
      if (isObject(exports)) this.#held.set(node, { exports, first: Object.getOwnPropertyDescriptors(exports) })
    }
  }

  /** The modules that are to be fresh, and those of them that the tests themselves import, in the order of the imports. */
  #graph(): { fresh: Set<ModuleNode>; held: Set<ModuleNode> } {
    const fresh = new Set<ModuleNode>()
    const held = new Set<ModuleNode>()
    const seen = new Set<ModuleNode>()
    const visit = (node: ModuleNode, stays: boolean): void => {
      for (const imported of this.#importsOf(node)) {
        const part = this.#takesPart(imported)
        if (stays && !part) held.add(imported)
        if (seen.has(imported)) continue
        seen.add(imported)
        if (!part) fresh.add(imported)
        visit(imported, part)
      }
    }
    const test = this.#runner.evaluatedModules.getModuleById(this.#testFile)
    if (test !== undefined) visit(test, true)
    return { fresh, held }
  }

  #importsOf(node: ModuleNode): ModuleNode[] {
    return [...node.imports].flatMap((id) => this.#runner.evaluatedModules.getModuleById(id) ?? []).filter(isOfTheProject)
  }

  #takesPart({ id, imports }: ModuleNode): boolean {
    return id === this.#testFile || [...imports].some((other) => VITEST.test(other) || isOwn(other, 'adapters/vitest/'))
  }
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null
}

function forwardingTo(module: object): PropertyDescriptorMap {
  const names = Reflect.ownKeys(module).filter((name) => name !== Symbol.toStringTag)
  return Object.fromEntries(
    names.map((name) => [name, { enumerable: true, configurable: true, get: (): unknown => Reflect.get(module, name) }]),
  )
}

function replaceExports(exports: object, properties: PropertyDescriptorMap): void {
  for (const name of Reflect.ownKeys(exports)) {
    if (!Object.hasOwn(properties, name)) Reflect.deleteProperty(exports, name)
  }
  for (const name of Reflect.ownKeys(properties)) {
    const property = properties[name]
    if (property !== undefined) Reflect.defineProperty(exports, name, property)
  }
}
