import { afterToken } from './source-text.ts'
import { child, type ModuleState, type Node } from './module-state.ts'
import type { Scope, Variable } from './scope.ts'
import type { Scopes } from './scopes.ts'

const LOGICAL = new Set(['??=', '||=', '&&='])
const ARITHMETIC = new Set(['+=', '-=', '*=', '/=', '%=', '**=', '<<=', '>>=', '>>>=', '&=', '|=', '^='])

/** Tells of the reads and writes of variables that several functions use and that get more than one value. */
export class Variables {
  readonly #module: ModuleState
  readonly #scopes: Scopes
  readonly #isTaken: (node: Node) => boolean
  /** The names of what stands for an activation, by its scope. */
  readonly #activations = new Map<Scope, string>()

  constructor(module: ModuleState, scopes: Scopes, isTaken: (node: Node) => boolean) {
    this.#module = module
    this.#scopes = scopes
    this.#isTaken = isTaken
  }

  visit(node: Node, parent: Node): void {
    if (node.type === 'Identifier') {
      if (this.#shared(node) !== null && !this.#scopes.targets.has(node) && !this.#isTaken(node)) this.#read(node, parent)
    } else if (node.type === 'AssignmentExpression') this.#assigned(node)
    else if (node.type === 'UpdateExpression') this.#wrapShared(node, child(node, 'argument'), 'update')
  }

  #read(node: Node, parent: Node): void {
    if (parent.type === 'Property' && parent['shorthand'] === true) {
      // Its key is the same text: only one of the two is a reference.
      const variable = this.#shared(node)
      if (variable === null) return
      this.#module.edits.open(node.start, `${variable.name}:`)
    }
    this.#wrapShared(node, node, 'read')
  }

  #wrapShared(node: Node, identifier: Node, kind: 'read' | 'update'): void {
    const variable = this.#shared(identifier)
    if (variable === null) return
    const { edits, helpers } = this.#module
    edits.wrap(node.start, `${helpers.use('v')}(`, node.end, `,${this.#site(identifier, variable, kind)})`)
  }

  #assigned(node: Node): void {
    const left = child(node, 'left')
    const right = child(node, 'right')
    if (left.type.endsWith('Pattern')) {
      this.#parts(left, right, node.end)
      return
    }
    const variable = this.#shared(left)
    // A function that is assigned without a name takes the variable's.
    if (variable === null || right.type.endsWith('FunctionExpression') || right.type === 'ClassExpression') return
    const { code, edits, helpers } = this.#module
    const operator = String(node['operator'])
    const from = afterToken(code, left.end, operator, right.start)
    if (from < 0) return
    // `x ??= 1` reads it first, whatever it is; where the value waits, long before it writes.
    if (LOGICAL.has(operator)) {
      const read = `${helpers.use('v')}(${variable.name},${this.#site(left, variable, 'read')})`
      edits.wrap(node.start, `${helpers.use('s')}(${read},`, node.end, ')')
    }
    const site = this.#site(left, variable, 'write')
    const write = ` ${helpers.use('v')}(`
    if (ARITHMETIC.has(operator)) {
      const read = `${helpers.use('v')}(${variable.name},${this.#site(left, variable, 'read')})`
      edits.open(from, `${write}${read}${operator.slice(0, -1)}(`)
      edits.close(node.end, `),${site})`)
      this.#becomesPlain(from, operator)
    } else edits.wrap(from, write, node.end, `,${site})`)
  }

  /** `[x, y] = …`: told once the value is there, in the same step. */
  #parts(pattern: Node, value: Node, end: number): void {
    const { code, edits, helpers } = this.#module
    const from = afterToken(code, pattern.end, '=', value.start)
    if (from < 0) return
    for (const target of targetsIn(pattern)) {
      const variable = this.#shared(target)
      if (variable !== null) edits.wrap(from, ` ${helpers.use('v')}(`, end, `,${this.#site(target, variable, 'write')})`)
    }
  }

  /** `x += 1` becomes `x = …`: what is read is read before the rest is evaluated. */
  #becomesPlain(end: number, operator: string): void {
    this.#module.edits.replace(end - operator.length, end, '=')
  }

  /** The variable, if telling of it is worth while. */
  #shared(identifier: Node): Variable | null {
    if (identifier.type !== 'Identifier') return null
    const variable = this.#scopes.variableOf(identifier)
    if (variable === null || variable.kind !== 'variable' || !variable.reassigned || !variable.captured) return null
    const { isModule, block } = variable.scope
    // A loop's own variable is another one in each round; a parameter's default runs before what could tell them apart.
    return isModule || (block !== null && identifier.start > block.start) ? variable : null
  }

  #site(identifier: Node, variable: Variable, kind: string): string {
    const { sites, functionName } = this.#module
    const site = sites.add(identifier.start, functionName(), kind, variable.name, String(variable.number))
    const { block } = variable.scope
    return block === null ? String(site) : `${site},${this.#activationOf(variable.scope, block)}`
  }

  /** The name of what stands for the activation of a scope. */
  #activationOf(scope: Scope, block: Node): string {
    let name = this.#activations.get(scope)
    if (name === undefined) {
      name = `__heddle_e${this.#activations.size}`
      this.#activations.set(scope, name)
      const declaration = `/* v8 ignore next */${scope.owner === scope ? 'var' : 'const'} ${name}=${this.#module.helpers.use('e')}();`
      this.#module.edits.beginBlock(block, declaration)
    }
    return name
  }
}

/** The variables that a pattern assigns to. */
function targetsIn(node: Node): Node[] {
  switch (node.type) {
    case 'Identifier':
      return [node]
    case 'ObjectPattern':
      return (node['properties'] as Node[]).flatMap((p) => targetsIn(child(p, p.type === 'RestElement' ? 'argument' : 'value')))
    case 'ArrayPattern':
      return (node['elements'] as (Node | null)[]).flatMap((e) => (e === null ? [] : targetsIn(e)))
    case 'RestElement':
      return targetsIn(child(node, 'argument'))
    case 'AssignmentPattern':
      return targetsIn(child(node, 'left'))
    default:
      return []
  }
}
