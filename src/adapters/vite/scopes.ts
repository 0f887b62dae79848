import { child, isNode, type Node } from './module-state.ts'

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
  readonly variables = new Map<string, Variable>()

  constructor(parent: Scope | null, block: Node | null, isFunction: boolean) {
    this.parent = parent
    this.owner = isFunction || parent === null ? this : parent.owner
    this.block = block
  }

  get isModule(): boolean {
    return this.parent === null
  }

  find(name: string): Variable | null {
    return this.variables.get(name) ?? this.parent?.find(name) ?? null
  }
}

interface Reference {
  readonly node: Node
  readonly scope: Scope
  readonly writes: boolean
}

/** Finds out which variable each identifier of a module means. */
export class Scopes {
  readonly #resolved = new Map<Node, Variable>()
  readonly #references: Reference[] = []
  /** Identifiers that are assigned to. */
  readonly targets = new Set<Node>()
  /** The private names that get a value elsewhere than in a field or a constructor. */
  readonly changingPrivates = new Set<string>()
  #scope: Scope
  #declared = 0
  #making: Node | null = null
  #constructing = false

  constructor(program: Node) {
    this.#scope = new Scope(null, null, true)
    this.#children(program)
    for (const { node, scope, writes } of this.#references) {
      const variable = scope.find(String(node['name']))
      if (variable === null) continue
      this.#resolved.set(node, variable)
      if (writes) variable.reassigned = true
      if (scope.owner !== variable.scope.owner) variable.captured = true
    }
  }

  /** The variable that an identifier in an expression means; null: none of the module's. */
  variableOf(identifier: Node): Variable | null {
    return this.#resolved.get(identifier) ?? null
  }

  #visit(node: Node): void {
    switch (node.type) {
      case 'Identifier':
        this.#references.push({ node, scope: this.#scope, writes: false })
        break
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#function(node)
        break
      case 'ClassDeclaration':
      case 'ClassExpression':
        if (node.type === 'ClassDeclaration' && isNode(node['id'])) this.#declare(child(node, 'id'), this.#scope, 'other')
        this.#maybe(node['superClass'])
        this.#visit(child(node, 'body'))
        break
      case 'StaticBlock':
        this.#within(new Scope(this.#scope, null, true), () => this.#children(node))
        break
      case 'BlockStatement':
        this.#within(new Scope(this.#scope, node, false), () => this.#children(node))
        break
      case 'SwitchStatement':
      case 'ForStatement':
      case 'ForInStatement':
      case 'ForOfStatement':
        this.#within(new Scope(this.#scope, null, false), () => this.#loop(node))
        break
      case 'CatchClause':
        this.#within(new Scope(this.#scope, null, false), () => {
          if (isNode(node['param'])) this.#pattern(child(node, 'param'), this.#scope, 'other')
          this.#visit(child(node, 'body'))
        })
        break
      case 'VariableDeclaration':
        this.#declaration(node)
        break
      case 'AssignmentExpression':
        this.#target(child(node, 'left'))
        this.#visit(child(node, 'right'))
        break
      case 'UpdateExpression':
        this.#target(child(node, 'argument'))
        break
      case 'MemberExpression':
        this.#visit(child(node, 'object'))
        if (node['computed'] === true) this.#visit(child(node, 'property'))
        break
      case 'PropertyDefinition':
      case 'AccessorProperty':
        if (node['computed'] === true) this.#visit(child(node, 'key'))
        // Evaluated whenever an object is made, as the body of a function is.
        this.#within(new Scope(this.#scope, null, true), () => this.#maybe(node['value']))
        break
      case 'Property':
      case 'MethodDefinition':
        if (node['computed'] === true) this.#visit(child(node, 'key'))
        if (node['kind'] === 'constructor') this.#making = child(node, 'value')
        this.#maybe(node['value'])
        break
      case 'ImportDeclaration':
        for (const s of node['specifiers'] as Node[]) {
          const kind = s.type === 'ImportNamespaceSpecifier' ? 'namespace' : 'other'
          this.#declare(child(s, 'local'), this.#scope, kind)
        }
        break
      case 'ExportNamedDeclaration':
        this.#maybe(node['declaration'])
        break
      case 'LabeledStatement':
        this.#visit(child(node, 'body'))
        break
      case 'ExportAllDeclaration':
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
        break
      default:
        this.#children(node)
    }
  }

  #maybe(node: unknown): void {
    if (isNode(node)) this.#visit(node)
  }

  #children(node: Node): void {
    for (const key in node) {
      const value = node[key]
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) this.#visit(item)
      } else if (isNode(value)) this.#visit(value)
    }
  }

  #within(scope: Scope, f: () => void): void {
    const before = this.#scope
    this.#scope = scope
    f()
    this.#scope = before
  }

  #function(node: Node): void {
    if (node.type === 'FunctionDeclaration' && isNode(node['id'])) this.#declare(child(node, 'id'), this.#scope, 'variable')
    const body = child(node, 'body')
    const block = body.type === 'BlockStatement' ? body : null
    const outer = this.#constructing
    this.#constructing = node === this.#making
    this.#within(new Scope(this.#scope, block, true), () => {
      for (const p of node['params'] as Node[]) this.#pattern(p, this.#scope, 'variable')
      if (block === null) this.#visit(body)
      else this.#children(body)
    })
    this.#constructing = outer
  }

  #loop(node: Node): void {
    const { left } = node
    if (!isNode(left)) this.#children(node)
    else {
      if (left.type === 'VariableDeclaration') this.#declaration(left)
      else this.#target(left)
      this.#visit(child(node, 'right'))
      this.#visit(child(node, 'body'))
    }
  }

  #declaration(node: Node): void {
    const scope = node['kind'] === 'var' ? this.#scope.owner : this.#scope
    for (const d of node['declarations'] as Node[]) {
      this.#pattern(child(d, 'id'), scope, 'variable')
      this.#maybe(d['init'])
    }
  }

  /** A pattern that declares. */
  #pattern(node: Node, scope: Scope, kind: Variable['kind']): void {
    if (node.type === 'Identifier') this.#declare(node, scope, kind)
    else this.#parts(node, (part) => this.#pattern(part, scope, kind))
  }

  /** What is assigned to. */
  #target(node: Node): void {
    if (node.type === 'Identifier') {
      this.targets.add(node)
      this.#references.push({ node, scope: this.#scope, writes: true })
    } else if (node.type === 'MemberExpression') {
      this.targets.add(node)
      const property = child(node, 'property')
      if (property.type === 'PrivateIdentifier' && !this.#constructing) this.changingPrivates.add(String(property['name']))
      this.#visit(node)
    } else this.#parts(node, (part) => this.#target(part))
  }

  /** The parts of a pattern; expressions in it are visited as such. */
  #parts(node: Node, each: (part: Node) => void): void {
    switch (node.type) {
      case 'ObjectPattern':
        for (const p of node['properties'] as Node[]) {
          if (p['computed'] === true) this.#visit(child(p, 'key'))
          each(child(p, p.type === 'RestElement' ? 'argument' : 'value'))
        }
        break
      case 'ArrayPattern':
        for (const e of node['elements'] as (Node | null)[]) if (e !== null) each(e)
        break
      case 'RestElement':
        each(child(node, 'argument'))
        break
      case 'AssignmentPattern':
        each(child(node, 'left'))
        this.#visit(child(node, 'right'))
        break
      default:
        this.#visit(node)
    }
  }

  #declare(id: Node, scope: Scope, kind: Variable['kind']): void {
    const name = String(id['name'])
    if (scope.variables.has(name)) return
    const number = ++this.#declared
    scope.variables.set(name, { name, scope, number, kind, reassigned: false, captured: false })
  }
}
