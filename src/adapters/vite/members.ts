import { afterParentheses, afterToken } from './source-text.ts'
import { child, isNode, type ModuleState, type Node } from './module-state.ts'
import type { Scopes } from './scopes.ts'

/** Methods of arrays, maps and sets: calls of others tell nothing. */
const COLLECTION_METHODS = new Set(
  ('get has keys values entries forEach slice map filter find findIndex findLast indexOf lastIndexOf includes some every ' +
    'reduce reduceRight join at concat flat flatMap set add delete clear push pop shift unshift splice sort reverse fill ' +
    'copyWithin').split(' '),
)
/** What has no properties that anybody shares. */
const FRESH = new Set([
  'Literal', 'TemplateLiteral', 'ArrayExpression', 'ObjectExpression', 'FunctionExpression', 'ArrowFunctionExpression',
  'ClassExpression', 'ImportExpression', 'MetaProperty', 'Super', 'NewExpression', 'UnaryExpression',
  'BinaryExpression',
])
/** Arguments that can't be put into a call as they are. */
const HOLLOW = new Set(['SpreadElement', 'SequenceExpression'])
/** What is done to a property; a call tells what it does by the object that it is made on. */
type Kind = 'read' | 'write' | 'update' | 'call'

/** A name longer than this says less. */
const LONGEST_NAME = 40

/** Tells of the reads and writes of properties. */
export class Members {
  readonly #module: ModuleState
  /** Members that are told of as part of something else, or can't be. */
  readonly #taken = new Set<Node>()
  readonly #scopes: Scopes

  constructor(module: ModuleState, scopes: Scopes) {
    this.#module = module
    this.#scopes = scopes
  }

  visit(node: Node): void {
    switch (node.type) {
      case 'MemberExpression':
        // A target that is not an assignment's own is a pattern's or a loop's.
        if (!this.#taken.has(node)) this.#told(node, this.#scopes.targets.has(node) ? 'write' : 'read')
        break
      case 'CallExpression':
        this.#called(node)
        break
      case 'AssignmentExpression':
        this.#assigned(node)
        break
      case 'VariableDeclarator':
        if (isNode(node['init'])) this.#destructured(child(node, 'id'), child(node, 'init'), node.end)
        break
      case 'UnaryExpression':
        if (node['operator'] === 'delete') this.#deleted(child(node, 'argument'))
        break
      case 'UpdateExpression':
        this.#changed(child(node, 'argument'), 'update')
        break
      case 'TaggedTemplateExpression':
        this.#taken.add(child(node, 'tag'))
        break
      case 'NewExpression':
        this.#constructed(child(node, 'callee'))
        break
    }
  }

  /** `new a.b.c()`: a call around any part of `a.b.c` would be what is constructed. */
  #constructed(callee: Node): void {
    for (let node = callee; ; node = child(node, 'object')) {
      this.#taken.add(node)
      if (node.type !== 'MemberExpression') return
    }
  }

  /** Whether nothing may be put around this one. */
  isTaken(node: Node): boolean {
    return this.#taken.has(node)
  }

  #assigned(node: Node): void {
    const left = child(node, 'left')
    const right = child(node, 'right')
    const operator = String(node['operator'])
    if (left.type === 'ObjectPattern') this.#destructured(left, right, node.end)
    if (left.type !== 'MemberExpression') return
    this.#taken.add(left)
    const { code, edits, helpers } = this.#module
    const object = child(left, 'object')
    const from = afterToken(code, left.end, operator, right.start)
    if (from < 0 || !this.#mayTell(left)) return
    if (!isSimple(object) && !(isChain(object) && waits(right))) {
      // Told a little early, in the same step.
      this.#wrapObject(left, operator === '=' ? 'write' : 'update')
      return
    }
    if (operator !== '=') this.#wrapObject(left, 'read')
    const site = this.#site(left, 'write')
    if (isSimple(object)) {
      // What it is written to is what it is now: the value may wait.
      edits.wrap(from, ` ${helpers.use(site.includes(',') ? 'wk' : 'w')}(${text(code, object)},${site},`, node.end, ')')
    } else edits.wrap(from, ` ${helpers.use('l')}(`, node.end, `,/* v8 ignore next */()=>${text(code, object)},${site})`)
  }

  #changed(target: Node, kind: Kind): void {
    if (target.type !== 'MemberExpression') return
    this.#taken.add(target)
    this.#told(target, kind)
  }

  #deleted(argument: Node): void {
    const target = argument.type === 'ChainExpression' ? child(argument, 'expression') : argument
    this.#changed(target, 'write')
  }

  /** A method of a collection reads it or writes it; what other methods do is in their code. */
  #called(node: Node): void {
    const callee = child(node, 'callee')
    if (callee.type !== 'MemberExpression') return
    this.#taken.add(callee)
    const property = child(callee, 'property')
    if (callee['computed'] === true || !COLLECTION_METHODS.has(String(property['name']))) return
    const { code, edits, helpers } = this.#module
    const object = child(callee, 'object')
    const last = (node['arguments'] as Node[]).at(-1)
    if (last === undefined || HOLLOW.has(last.type) || !isChain(object) || !waits(last)) {
      this.#told(callee, 'call')
    } else if (this.#mayTell(callee)) {
      // It is called when its last argument is there.
      edits.wrap(last.start, `${helpers.use('l')}(`, last.end, `,/* v8 ignore next */()=>${text(code, object)},${this.#site(callee, 'call')})`)
    }
  }

  /** `const { a, b } = o` reads both. */
  #destructured(pattern: Node, value: Node, end: number): void {
    if (pattern.type !== 'ObjectPattern' || FRESH.has(value.type)) return
    const keys = (pattern['properties'] as Node[]).flatMap((p) => {
      const key = p['key']
      return isNode(key) && p['computed'] !== true && key.type === 'Identifier' ? [JSON.stringify(key['name'])] : []
    })
    if (keys.length === 0) return
    const { code, edits, helpers } = this.#module
    const from = afterToken(code, pattern.end, '=', value.start)
    if (from < 0) return
    edits.wrap(from, ` ${helpers.use('os')}(`, end, `,${this.#site(pattern, 'read')},()=>[${keys.join(',')}])`)
  }

  #told(member: Node, kind: Kind): void {
    if (this.#mayTell(member)) this.#wrapObject(member, kind)
  }

  #mayTell(member: Node): boolean {
    const object = child(member, 'object')
    if (FRESH.has(object.type)) return false
    if (object.type === 'Identifier') {
      // What the module does not declare is the host's; what a namespace holds is code.
      const variable = this.#scopes.variableOf(object)
      if (variable === null || variable.kind === 'namespace') return false
    }
    const property = child(member, 'property')
    if (member['computed'] === true && !isSimple(property) && property.type !== 'Literal') return false
    // What is set where it is made is nobody's to race for.
    if (property.type === 'PrivateIdentifier' && !this.#scopes.changingPrivates.has(String(property['name']))) return false
    // A call around `a?.b` in `a?.b.c` would end what the question mark may skip.
    return member['optional'] === true || !isOptional(object)
  }

  #wrapObject(member: Node, kind: Kind): void {
    const { code, edits, helpers } = this.#module
    const object = child(member, 'object')
    const end = afterParentheses(code, object.end, child(member, 'property').start)
    edits.wrap(member.start, `${helpers.use('o')}(`, end, `,${this.#site(member, kind)})`)
  }

  /** The site, as arguments; with the property where the code says it only as it runs. */
  #site(node: Node, kind: Kind): string {
    const { code, sites, functionName } = this.#module
    if (node.type === 'ObjectPattern') return String(sites.add(node.start, functionName(), kind))
    const name = text(code, kind === 'call' ? child(node, 'object') : node).replaceAll(/\s+/g, ' ')
    const short = name.length > LONGEST_NAME ? `${name.slice(0, LONGEST_NAME - 1)}…` : name
    const property = child(node, 'property')
    const known = node['computed'] === true ? '' : `${property.type === 'PrivateIdentifier' ? '#' : ''}${String(property['name'])}`
    const site = sites.add(node.start, functionName(), kind, short, known)
    return known === '' ? `${site},${text(code, property)}` : String(site)
  }
}

function text(code: string, node: Node): string {
  return code.slice(node.start, node.end)
}

function isSimple(node: Node): boolean {
  return node.type === 'ThisExpression' || node.type === 'Identifier'
}

/** `this.a.b`: to evaluate it again changes nothing, unless there is a getter that does. */
function isChain(node: Node): boolean {
  if (isSimple(node)) return true
  if (node.type !== 'MemberExpression' || node['computed'] === true || node['optional'] === true) return false
  return isChain(child(node, 'object'))
}

/** Whether a chain of members and calls can end early. */
function isOptional(node: Node): boolean {
  for (let n = node; n.type === 'MemberExpression' || n.type === 'CallExpression'; ) {
    if (n['optional'] === true) return true
    n = child(n, n.type === 'MemberExpression' ? 'object' : 'callee')
  }
  return false
}

/** Whether an await or a yield is in it, functions within it aside. */
function waits(node: Node): boolean {
  if (node.type === 'AwaitExpression' || node.type === 'YieldExpression') return true
  if (node.type.endsWith('FunctionExpression') || node.type.startsWith('Class')) return false
  for (const value of Object.values(node)) {
    if (Array.isArray(value) ? value.some((v) => isNode(v) && waits(v)) : isNode(value) && waits(value)) return true
  }
  return false
}
