import type { Node } from './module-state.ts'

/** A variable of the module. */
export interface Variable {
  readonly name: string
  readonly scope: Scope
  /** Where among the module's it is declared. */
  readonly number: number
  readonly kind: 'variable' | 'namespace' | 'other'
  /** It gets another value after its first. */
  reassigned: boolean
  /** A function that does not declare it uses it. */
  captured: boolean
}

/** A stretch of code with variables of its own. */
export class Scope {
  readonly parent: Scope | null
  /** The function or module that its code belongs to. */
  readonly owner: Scope
  /** The block whose beginning each activation runs; null: there is none that is safe to add to. */
  readonly block: Node | null
  /** Null: none, as in most blocks. */
  #variables: Map<string, Variable> | null = null

  constructor(parent: Scope | null, block: Node | null, isFunction: boolean) {
    this.parent = parent
    this.owner = isFunction || parent === null ? this : parent.owner
    this.block = block
  }

  get isModule(): boolean {
    return this.parent === null
  }

  find(name: string): Variable | null {
    return this.#variables?.get(name) ?? this.parent?.find(name) ?? null
  }

  has(name: string): boolean {
    return this.#variables?.has(name) === true
  }

  add(variable: Variable): void {
    this.#variables ??= new Map()
    this.#variables.set(variable.name, variable)
  }
}
