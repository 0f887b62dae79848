import { afterToken, afterTrivia } from './source-text.ts'
import { child, isNode, type ModuleState, type Node } from './module-state.ts'
import type { Frame } from './scopes.ts'

/** Makes a choice point of each await, awaited iteration, awaited disposal and async generator step. */
export class Awaits {
  readonly #module: ModuleState
  #disposals = 0

  constructor(module: ModuleState) {
    this.#module = module
  }

  /** What is in an async function. */
  visit(node: Node, around: Frame): void {
    switch (node.type) {
      case 'AwaitExpression':
        this.#wrap(node, node.start + 'await'.length, node.end, 'at')
        break
      case 'ForOfStatement':
        this.#forOf(node)
        break
      case 'VariableDeclaration':
        if (node['kind'] === 'await using') this.#disposal(node)
        break
      case 'YieldExpression':
        if (around.generator) this.#step(node)
        break
      case 'ReturnStatement':
        if (around.generator && isNode(node['argument'])) this.#returned(node)
        break
    }
  }

  #wrap(node: Node, from: number, to: number, helper: 'at' | 'it'): void {
    const { edits, helpers } = this.#module
    edits.wrap(from, ` ${helpers.use(helper)}(`, to, `,${this.#site(node)})`)
  }

  #site(node: Node): number {
    return this.#module.sites.add(node.start, this.#module.functionName())
  }

  #forOf(node: Node): void {
    const { code, edits, helpers } = this.#module
    const left = child(node, 'left')
    const right = child(node, 'right')
    const body = child(node, 'body')
    if (node['await'] === true) {
      const from = afterToken(code, left.end, 'of')
      // The last parenthesis before the body is the loop's own.
      let to = right.end
      for (let at = afterTrivia(code, to); code[at] === ')'; at = afterTrivia(code, at + 1)) to = at
      this.#wrap(node, from, to, 'it')
    }
    // Disposed of at the end of each round: the point comes just before.
    if (left['kind'] === 'await using') {
      const declaration = `await using __heddle_d${this.#disposals++}=${helpers.use('du')}(${this.#site(left)});`
      if (body.type === 'BlockStatement') edits.open(body.start + 1, declaration)
      else edits.wrap(body.start, `{${declaration}`, body.end, '}')
    }
  }

  /** Resources are disposed of last first: one declared before them has its turn when they are done. */
  #disposal(node: Node): void {
    const { edits, helpers } = this.#module
    const [first] = node['declarations'] as Node[]
    if (first === undefined || !isNode(first['init'])) return
    edits.open(first.start, `__heddle_d${this.#disposals++}=${helpers.use('du')}(${this.#site(node)}),`)
  }

  #step(node: Node): void {
    const { code, edits, helpers } = this.#module
    const from = node.start + 'yield'.length
    if (!isNode(node['argument'])) edits.close(from, ` ${helpers.use('at')}(void 0,${this.#site(node)})`)
    else if (node['delegate'] === true) this.#wrap(node, afterTrivia(code, from) + 1, node.end, 'it')
    else this.#wrap(node, from, node.end, 'at')
  }

  /** What an async generator returns it awaits first. */
  #returned(node: Node): void {
    const to = this.#module.code[node.end - 1] === ';' ? node.end - 1 : node.end
    this.#wrap(node, node.start + 'return'.length, to, 'at')
  }
}
