import { isNode, type Node } from './module-state.ts'

/** What is to be known of a kind of nodes. */
export interface Kind {
  /** Where its children are, in the order of the source; null: nobody has said. */
  readonly children: readonly string[] | null
  readonly isFunction: boolean
  /** One word. */
  readonly isWord: boolean
  /** Its text may hold what would be a comment or a blank elsewhere. */
  readonly isText: boolean
  /** Whether it may be a choice point, touch a property, touch a variable. */
  readonly mayWait: boolean
  readonly mayTouch: boolean
  readonly mayName: boolean
}

const CHILDREN: Readonly<Record<string, string>> = {
  Program: 'body',
  ImportDeclaration: 'specifiers source attributes',
  ImportSpecifier: 'imported local',
  ImportDefaultSpecifier: 'local',
  ImportNamespaceSpecifier: 'local',
  ImportAttribute: 'key value',
  ExportNamedDeclaration: 'declaration specifiers source attributes',
  ExportDefaultDeclaration: 'declaration',
  ExportAllDeclaration: 'exported source attributes',
  ExportSpecifier: 'local exported',
  FunctionDeclaration: 'id params body',
  FunctionExpression: 'id params body',
  ArrowFunctionExpression: 'params body',
  ClassDeclaration: 'decorators id superClass body',
  ClassExpression: 'decorators id superClass body',
  ClassBody: 'body',
  MethodDefinition: 'decorators key value',
  PropertyDefinition: 'decorators key value',
  AccessorProperty: 'decorators key value',
  StaticBlock: 'body',
  VariableDeclaration: 'declarations',
  VariableDeclarator: 'id init',
  BlockStatement: 'body',
  ExpressionStatement: 'expression',
  ReturnStatement: 'argument',
  ThrowStatement: 'argument',
  IfStatement: 'test consequent alternate',
  SwitchStatement: 'discriminant cases',
  SwitchCase: 'test consequent',
  ForStatement: 'init test update body',
  ForInStatement: 'left right body',
  ForOfStatement: 'left right body',
  WhileStatement: 'test body',
  DoWhileStatement: 'body test',
  LabeledStatement: 'label body',
  BreakStatement: 'label',
  ContinueStatement: 'label',
  TryStatement: 'block handler finalizer',
  CatchClause: 'param body',
  EmptyStatement: '',
  DebuggerStatement: '',
  AwaitExpression: 'argument',
  YieldExpression: 'argument',
  UnaryExpression: 'argument',
  UpdateExpression: 'argument',
  BinaryExpression: 'left right',
  LogicalExpression: 'left right',
  AssignmentExpression: 'left right',
  ConditionalExpression: 'test consequent alternate',
  MemberExpression: 'object property',
  ChainExpression: 'expression',
  CallExpression: 'callee arguments',
  NewExpression: 'callee arguments',
  ImportExpression: 'source options',
  SequenceExpression: 'expressions',
  ArrayExpression: 'elements',
  ObjectExpression: 'properties',
  Property: 'key value',
  SpreadElement: 'argument',
  TemplateLiteral: 'quasis expressions',
  TaggedTemplateExpression: 'tag quasi',
  TemplateElement: '',
  MetaProperty: 'meta property',
  ArrayPattern: 'elements',
  ObjectPattern: 'properties',
  AssignmentPattern: 'left right',
  RestElement: 'argument',
  Identifier: '',
  PrivateIdentifier: '',
  ThisExpression: '',
  Super: '',
  Literal: '',
}

const FUNCTIONS = 'FunctionDeclaration FunctionExpression ArrowFunctionExpression'
const WORDS = 'Identifier Literal ThisExpression'
const TEXTS = 'Literal TemplateLiteral'
const WAITING = 'AwaitExpression ForOfStatement VariableDeclaration YieldExpression ReturnStatement'
const TOUCHING =
  'AssignmentExpression UpdateExpression UnaryExpression CallExpression TaggedTemplateExpression NewExpression VariableDeclarator MemberExpression'
const NAMING = 'AssignmentExpression UpdateExpression Identifier'

function isIn(types: string, type: string): boolean {
  return types.split(' ').includes(type)
}

function kind(type: string, children: readonly string[] | null): Kind {
  return {
    children,
    isFunction: isIn(FUNCTIONS, type),
    isWord: isIn(WORDS, type),
    isText: isIn(TEXTS, type) || children === null,
    mayWait: isIn(WAITING, type),
    mayTouch: isIn(TOUCHING, type),
    mayName: isIn(NAMING, type),
  }
}

const KINDS: ReadonlyMap<string, Kind> = new Map(
  Object.entries(CHILDREN).map(([type, keys]) => [type, kind(type, keys === '' ? [] : keys.split(' '))]),
)
const UNKNOWN = kind('', null)

export function kindOf(type: string): Kind {
  return KINDS.get(type) ?? UNKNOWN
}

/** Visits what is right below a node. */
export function eachChild(node: Node, { children }: Kind, visit: (child: Node, parent: Node, key: string) => void): void {
  const keys = children ?? Object.keys(node)
  for (let k = 0; k < keys.length; k++) {
    const key = keys[k] as string
    const value = node[key]
    if (typeof value !== 'object' || value === null) continue
    if (Array.isArray(value)) {
      for (let i = 0; i < value.length; i++) {
        const item: unknown = value[i]
        if (isNode(item)) visit(item, node, key)
      }
    } else if (isNode(value)) visit(value, node, key)
  }
}
