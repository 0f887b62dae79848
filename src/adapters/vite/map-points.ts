import type { MagicString } from 'magic-string'
import { child, isNode, type Node } from './module-state.ts'

/**
 * Marks where a map must be exact: where breakpoints stop, stacks point and coverage counts. A map of every word says no
 * more than that, and each transform after this one pays for it again.
 */
export function markMapPoints(node: Node, text: MagicString): void {
  switch (node.type) {
    case 'CallExpression':
    case 'NewExpression':
    case 'TaggedTemplateExpression':
      text.addSourcemapLocation(node.start)
      break
    case 'MemberExpression':
      text.addSourcemapLocation(child(node, 'property').start)
      break
    case 'AwaitExpression':
    case 'YieldExpression':
    case 'SwitchCase':
    case 'CatchClause':
      text.addSourcemapLocation(node.start)
      break
    case 'ConditionalExpression':
      both(child(node, 'consequent'), text)
      both(child(node, 'alternate'), text)
      break
    case 'LogicalExpression':
      both(child(node, 'right'), text)
      break
    case 'VariableDeclarator':
    case 'AssignmentExpression': {
      text.addSourcemapLocation(node.start)
      const value = node['init'] ?? node['right']
      if (isNode(value)) text.addSourcemapLocation(value.start)
      break
    }
    case 'ReturnStatement':
    case 'ThrowStatement':
      both(node, text)
      if (isNode(node['argument'])) text.addSourcemapLocation(node['argument'].start)
      break
    case 'MethodDefinition':
    case 'PropertyDefinition':
      both(node, text)
      break
    default:
      if (/Statement$|Declaration$|Function/.test(node.type)) both(node, text)
  }
}

function both(node: Node, text: MagicString): void {
  text.addSourcemapLocation(node.start)
  text.addSourcemapLocation(node.end)
}
