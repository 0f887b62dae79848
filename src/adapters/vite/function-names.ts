import { child, isNode, type Node } from './module-state.ts'

/** The name that a reader would give a function: its own, or that of what it is put into. Empty: it has none. */
export function nameOfFunction(node: Node, parent: Node): string {
  if (isNode(node['id'])) return nameOf(node['id'])
  switch (parent.type) {
    case 'VariableDeclarator':
      return nameOf(child(parent, 'id'))
    case 'MethodDefinition':
    case 'PropertyDefinition':
    case 'Property':
      return nameOf(child(parent, 'key'))
    case 'AssignmentExpression':
    case 'AssignmentPattern':
      return nameOf(child(parent, 'left'))
    case 'ExportDefaultDeclaration':
      return 'default'
    default:
      return ''
  }
}

function nameOf(node: Node): string {
  switch (node.type) {
    case 'Identifier':
      return String(node['name'])
    case 'PrivateIdentifier':
      return `#${String(node['name'])}`
    case 'Literal':
      return String(node['value']).replaceAll(/\s+/g, ' ')
    case 'MemberExpression':
      return nameOf(child(node, 'property'))
    default:
      return ''
  }
}
