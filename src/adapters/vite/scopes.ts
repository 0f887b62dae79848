import { nameOfFunction } from './function-names.ts'
import type { MapPoints } from './map-points.ts'
import { child, isNode, type Node } from './module-state.ts'
import { Scope, type Variable } from './scope.ts'

/** A function, or what a field begins with, which is evaluated whenever an object is made. */
export interface Frame {
  /** Its own name, or that of what is around it. */
  readonly name: string
  readonly async: boolean
  readonly generator: boolean
}

/** A node that may have to be changed. Outer ones come first. */
export interface Visit {
  readonly node: Node
  readonly parent: Node
  readonly frame: Frame
}

/** The one walk through a module: which variable each identifier means, what may have to be changed, and what to map. */
export class Scopes {
  readonly visits: Visit[] = []
  /** Templates, and what else may have one in it: their lines have to stay as they are. */
  readonly literals: Node[] = []
  readonly #points: MapPoints
  /** By where the identifiers stand. */
  readonly #resolved = new Map<number, Variable>()
  /** Identifiers, and the scopes that they stand in. */
  readonly #references: Node[] = []
  readonly #scopesOfReferences: Scope[] = []
  /** Identifiers that are assigned to. */
  readonly targets = new Set<Node>()
  /** The private names that get a value elsewhere than in a field or a constructor. */
  readonly changingPrivates = new Set<string>()
  #scope: Scope
  #declared = 0
  #making: Node | null = null
  #constructing = false
  #frame: Frame | null = null

  constructor(program: Node, points: MapPoints) {
    this.#points = points
    this.#scope = new Scope(null, null, true)
    this.#children(program)
    for (const [i, node] of this.#references.entries()) {
      const scope = this.#scopesOfReferences[i] as Scope
      const variable = scope.find(String(node['name']))
      if (variable === null) continue
      this.#resolved.set(node.start, variable)
      if (this.targets.has(node)) variable.reassigned = true
      if (scope.owner !== variable.scope.owner) variable.captured = true
    }
  }

  /** The variable that an identifier in an expression means; null: none of the module's. */
  variableOf(identifier: Node): Variable | null {
    return this.#resolved.get(identifier.start) ?? null
  }

  /** What is frequent comes first: parsers give each node's type as a text of its own, which takes a while to compare. */
  #visit(node: Node, parent: Node): void {
    switch (node.type) {
      case 'Identifier':
        this.#points.start(node)
        this.#refer(node)
        this.#meet(node, parent)
        return
      case 'MemberExpression':
        this.#points.start(node)
        this.#meet(node, parent)
        this.#visit(child(node, 'object'), node)
        if (node['computed'] === true) this.#visit(child(node, 'property'), node)
        else this.#points.start(child(node, 'property'))
        return
      case 'Literal':
      case 'ThisExpression':
        this.#points.start(node)
        return
      case 'CallExpression':
      case 'NewExpression':
        this.#points.start(node)
        this.#meet(node, parent)
        this.#visit(child(node, 'callee'), node)
        this.#each(node['arguments'], node)
        return
      case 'ExpressionStatement':
        this.#points.add(node)
        this.#visit(child(node, 'expression'), node)
        return
      case 'BinaryExpression':
        this.#points.start(node)
        this.#visit(child(node, 'left'), node)
        this.#visit(child(node, 'right'), node)
        return
      case 'BlockStatement':
        this.#points.add(node)
        this.#within(new Scope(this.#scope, node, false), () => this.#each(node['body'], node))
        return
      case 'Property':
      case 'MethodDefinition':
        this.#points.add(node)
        this.#key(node)
        if (node['kind'] === 'constructor') this.#making = child(node, 'value')
        this.#maybe(node['value'], node)
        return
      case 'AssignmentExpression':
        this.#points.start(node)
        this.#meet(node, parent)
        this.#target(child(node, 'left'), node)
        this.#visit(child(node, 'right'), node)
        return
      case 'VariableDeclaration':
        this.#points.add(node)
        this.#meet(node, parent)
        this.#declaration(node)
        return
      case 'FunctionDeclaration':
      case 'FunctionExpression':
      case 'ArrowFunctionExpression':
        this.#points.add(node)
        this.#function(node, parent)
        return
      case 'IfStatement':
        this.#points.add(node)
        this.#visit(child(node, 'test'), node)
        this.#visit(child(node, 'consequent'), node)
        this.#maybe(node['alternate'], node)
        return
      case 'LogicalExpression':
        this.#points.start(node)
        this.#points.end(child(node, 'left'))
        this.#points.end(child(node, 'right'))
        this.#visit(child(node, 'left'), node)
        this.#visit(child(node, 'right'), node)
        return
      case 'AwaitExpression':
      case 'YieldExpression':
      case 'UnaryExpression':
        this.#points.start(node)
        this.#meet(node, parent)
        this.#maybe(node['argument'], node)
        return
      case 'ReturnStatement':
        this.#points.add(node)
        this.#meet(node, parent)
        this.#maybe(node['argument'], node)
        return
      case 'ObjectExpression':
        this.#points.start(node)
        this.#each(node['properties'], node)
        return
      default:
        this.#visitOther(node, parent)
    }
  }

  #visitOther(node: Node, parent: Node): void {
    this.#points.add(node)
    switch (node.type) {
      case 'ConditionalExpression':
        this.#points.end(child(node, 'consequent'))
        this.#points.end(child(node, 'alternate'))
        this.#children(node)
        break
      case 'UpdateExpression':
        this.#meet(node, parent)
        this.#target(child(node, 'argument'), node)
        break
      case 'TemplateElement':
      case 'ExportAllDeclaration':
      case 'BreakStatement':
      case 'ContinueStatement':
      case 'MetaProperty':
        break
      case 'TemplateLiteral':
        this.literals.push(node)
        this.#children(node)
        break
      case 'TaggedTemplateExpression':
        this.#meet(node, parent)
        this.#visit(child(node, 'tag'), node)
        this.#visit(child(node, 'quasi'), node)
        break
      case 'ForOfStatement':
        this.#meet(node, parent)
        this.#within(new Scope(this.#scope, null, false), () => this.#loop(node))
        break
      case 'SwitchStatement':
      case 'ForStatement':
      case 'ForInStatement':
        this.#within(new Scope(this.#scope, null, false), () => this.#loop(node))
        break
      case 'CatchClause':
        this.#within(new Scope(this.#scope, null, false), () => {
          if (isNode(node['param'])) this.#pattern(node['param'], this.#scope, 'other')
          this.#visit(child(node, 'body'), node)
        })
        break
      case 'ClassDeclaration':
      case 'ClassExpression':
        this.#decorators(node)
        if (isNode(node['id'])) {
          this.#points.start(node['id'])
          if (node.type === 'ClassDeclaration') this.#declare(node['id'], this.#scope, 'other')
        }
        this.#maybe(node['superClass'], node)
        this.#visit(child(node, 'body'), node)
        break
      case 'StaticBlock':
        this.#within(new Scope(this.#scope, null, true), () => this.#children(node))
        break
      case 'PropertyDefinition':
      case 'AccessorProperty':
        this.#key(node)
        this.#within(new Scope(this.#scope, null, true), () => this.#field(node))
        break
      case 'ImportDeclaration':
        for (const s of node['specifiers'] as Node[]) {
          const kind = s.type === 'ImportNamespaceSpecifier' ? 'namespace' : 'other'
          this.#declare(child(s, 'local'), this.#scope, kind)
        }
        break
      case 'ExportNamedDeclaration':
        this.#maybe(node['declaration'], node)
        break
      case 'LabeledStatement':
        this.#visit(child(node, 'body'), node)
        break
      default:
        this.#children(node)
    }
  }

  #refer(identifier: Node): void {
    this.#references.push(identifier)
    this.#scopesOfReferences.push(this.#scope)
  }

  /** A module's top level is left alone: it is evaluated once, not once a schedule. */
  #meet(node: Node, parent: Node): void {
    if (this.#frame !== null) this.visits.push({ node, parent, frame: this.#frame })
  }

  #maybe(node: unknown, parent: Node): void {
    if (isNode(node)) this.#visit(node, parent)
  }

  #each(nodes: unknown, parent: Node): void {
    for (const node of nodes as Node[]) this.#visit(node, parent)
  }

  #children(node: Node): void {
    for (const key in node) {
      const value = node[key]
      if (typeof value !== 'object' || value === null) continue
      if (Array.isArray(value)) {
        for (const item of value) if (isNode(item)) this.#visit(item, node)
      } else if (isNode(value)) this.#visit(value, node)
    }
  }

  /** Their grammar allows no calls around what is in them. */
  #decorators(node: Node): void {
    if (Array.isArray(node['decorators'])) this.literals.push(...(node['decorators'] as Node[]))
  }

  #key(node: Node): void {
    this.#decorators(node)
    if (node['computed'] === true) this.#visit(child(node, 'key'), node)
    else this.#points.start(child(node, 'key'))
  }

  #within(scope: Scope, f: () => void): void {
    const before = this.#scope
    this.#scope = scope
    f()
    this.#scope = before
  }

  #function(node: Node, parent: Node): void {
    if (isNode(node['id'])) {
      this.#points.start(node['id'])
      if (node.type === 'FunctionDeclaration') this.#declare(node['id'], this.#scope, 'variable')
    }
    const body = child(node, 'body')
    const block = body.type === 'BlockStatement' ? body : null
    const outer = this.#constructing
    this.#constructing = node === this.#making
    this.#inFrame(node, parent, () => {
      this.#within(new Scope(this.#scope, block, true), () => {
        for (const p of node['params'] as Node[]) this.#pattern(p, this.#scope, 'variable')
        if (block === null) this.#visit(body, node)
        else {
          this.#points.add(block)
          this.#children(block)
        }
      })
    })
    this.#constructing = outer
  }

  /** Evaluated whenever an object is made, as the body of a function is. A static one belongs to the module. */
  #field(node: Node): void {
    const { value } = node
    if (!isNode(value)) return
    this.#points.end(value)
    if (node.type === 'AccessorProperty' || node['static'] === true) this.#visit(value, node)
    else this.#inFrame(value, node, () => this.#visit(value, node))
  }

  #inFrame(node: Node, parent: Node, f: () => void): void {
    const outer = this.#frame
    const name = nameOfFunction(node, parent)
    const { async, generator } = node
    this.#frame = { name: name === '' ? (outer?.name ?? '') : name, async: async === true, generator: generator === true }
    f()
    this.#frame = outer
  }

  #loop(node: Node): void {
    const { left } = node
    if (!isNode(left)) this.#children(node)
    else {
      if (left.type === 'VariableDeclaration') {
        this.#points.add(left)
        this.#declaration(left)
      } else this.#target(left, node)
      this.#visit(child(node, 'right'), node)
      this.#visit(child(node, 'body'), node)
    }
  }

  #declaration(node: Node): void {
    const scope = node['kind'] === 'var' ? this.#scope.owner : this.#scope
    for (const d of node['declarations'] as Node[]) {
      this.#points.add(d)
      this.#meet(d, node)
      this.#pattern(child(d, 'id'), scope, 'variable')
      this.#maybe(d['init'], d)
    }
  }

  /** A pattern that declares. */
  #pattern(node: Node, scope: Scope, kind: Variable['kind']): void {
    if (node.type === 'Identifier') this.#declare(node, scope, kind)
    else this.#parts(node, (part) => this.#pattern(part, scope, kind))
  }

  /** What is assigned to. */
  #target(node: Node, parent: Node): void {
    if (node.type === 'Identifier') {
      this.#points.start(node)
      this.targets.add(node)
      this.#refer(node)
    } else if (node.type === 'MemberExpression') {
      this.targets.add(node)
      const property = child(node, 'property')
      if (property.type === 'PrivateIdentifier' && !this.#constructing) this.changingPrivates.add(String(property['name']))
      this.#visit(node, parent)
    } else this.#parts(node, (part) => this.#target(part, node))
  }

  /** The parts of a pattern; expressions in it are visited as such. */
  #parts(node: Node, each: (part: Node) => void): void {
    this.#points.add(node)
    switch (node.type) {
      case 'ObjectPattern':
        for (const p of node['properties'] as Node[]) {
          if (p.type === 'Property') this.#key(p)
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
        this.#visit(child(node, 'right'), node)
        break
      default:
        this.#visit(node, node)
    }
  }

  #declare(id: Node, scope: Scope, kind: Variable['kind']): void {
    this.#points.start(id)
    const name = String(id['name'])
    if (scope.has(name)) return
    const number = ++this.#declared
    scope.add({ name, scope, number, kind, reassigned: false, captured: false })
  }
}
