import { inspect } from 'node:util'
import { type Plugin, transformWithOxc } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { heddle } from '../../../src/adapters/vite/index.ts'
import { check } from '../../../src/index.ts'
import { type Loaded, loading, ROOT } from './load.ts'

/* What modules may be made of: with the plugin each gives what it gives without it. */

const legacyDecorators: Plugin = {
  name: 'legacy-decorators',
  enforce: 'pre',
  transform: (code, id) => (id.includes('decorated') ? transformWithOxc(code, id, { decorator: { legacy: true } }) : null),
}

let plain: Loaded
let vite: Loaded
beforeAll(async () => {
  plain = await loading([legacyDecorators])
  vite = await loading([legacyDecorators, heddle()])
})
afterAll(async () => {
  await plain.close()
  await vite.close()
})

const modules: Record<string, string> = {
  'enums.ts': `enum E { A = 1, B, C = 'c'.length }
const enum F { X = 5 }
export async function f() { return [E.A, await E.B, E[2], F.X, E.C] }`,
  'namespaces.ts': `namespace N {
  export let n = 1
  export async function inc() { n += await 1; n++; return n }
  export namespace M { export const k = () => n }
}
export async function f() { return [await N.inc(), N.n, N.M.k()] }`,
  'decorated.ts': `const log: string[] = []
function seen(_: object, name: string) { log.push(String(name)) }
function place(_: object, name: string, i: number) { log.push(name + i) }
class A {
  @seen x = 1
  @seen async m(@place v = 1) { this.x += await v; return this.x }
}
export async function f() { const a = new A(); return [log, await a.m(2)] }`,
  'parameter-properties.ts': `class A {
  constructor(private n: number, readonly m = n + 1) {}
  async go(this: A) { this.n! += await (this.m as number)!; return (<number>this.n) satisfies number }
  declare z: string
  static #x?: number = 1
  static get y() { return A.#x! }
}
export async function f() { return [await new A(1).go(), A.y] }`,
  'overloads.ts': `function g(a: number): number
function g(a: string): string
function g(a: any) { return a }
abstract class Z { abstract m(): void; protected abstract n: number }
export async function f<T extends unknown>(this: void): Promise<unknown> {
  let x: number | undefined
  const h = (): number | undefined => x
  x ??= await g(1)!
  x! += 1
  for await (const q of [1, 2] as const) x! += q
  return [h(), await g('s'), (x as number)++, Z.name]
}`,
  'imports.ts': `import type { A } from './nothing'
import { type PlatformPath, sep } from 'node:path'
import * as path from 'node:path'
import def, { join as j } from 'node:path'
export type { A }
export { sep as again } from 'node:path'
export * as all from 'node:path'
let c: A | PlatformPath
export async function f() { return [await sep, path.sep, j('a', 'b'), def.sep, (await import('node:path')).sep, await path.posix.join('a'), typeof c] }`,
  'live-bindings.ts': `export let n = 1
export const inc = async () => { n++; n += await 1; return n }
export default async () => await inc()
export class K { static n = n++ }
export function f() { return inc() }
export { n as m }`,
  'default-function.js': `export default async function () { return await 1 }
export async function f() { return await 0 }`,
  'default-class.js': `export default class { static async call() { return await new this().x } x = 2 }
export async function f() { return await 0 }`,
  'default-arrow.js': `export default async (x = 1) => await x
export async function f() { return await 0 }`,
  'hashbang.js': `#!/usr/bin/env node
'use strict'
export async function f() { return await 1 }`,
  'elements.jsx': `/** @jsxRuntime classic */
/** @jsx h */
/** @jsxFrag F */
const F = 'F'
const h = (t, p, ...c) => ({ t: typeof t === 'function' ? t(p) : t, p, c })
let n = 1
const C = (p) => ({ ...p, n: n++ })
export async function f() {
  const a = { b: { C }, s: { x: 1 } }
  return <><div {...await a.s} k={await 1}>{n++}{await 'x'}{/* c */} text {[1].map((x) => <i key={x}>{x}</i>)}</div><a.b.C q={n} /><C /></>
}`,
  'top-level.js': `let n = await Promise.resolve(1)
for await (const x of [1, 2]) n += x
const later = await (async () => await n)()
export async function f() { n++; return [n, later] }`,
  'texts.js': `export const s = "await x; async () => { await y } // \`\${await z}\`"
export async function f() { return [s, await s.length, 'it\\'s', "\\u{1F600}", \`\\\`\${await 1}\\\${\`] }`,
  'byte-order-mark.js': '\uFEFFexport async function f() { return await 1 }',
  'carriage-returns.js': 'export async function f() {\r\n  let n = 1\r\n  const g = () => n\r\n  n += await 1 // c\r\n  return [n, g()]\r\n}\r\n',
  'separators.js': "export async function f() { const s = '\u2028'; /* \u2029 */ // x\u2028 return [await s.length, 2]\n return [await s.length] }",
  'no-semicolons.js': 'export const a = 1\nexport async function f() { return await a }\n;[1].forEach(async x => await x)\nexport { a as b }',
}

interface Module {
  f(): Promise<unknown>
  readonly default?: { readonly name: string; call(self: undefined): Promise<unknown> }
}

test.each(Object.entries(modules))('%s', async (name, code) => {
  const file = `modules/${name}`
  const shown = async (m: Module) => inspect([await m.f(), m.default?.name, await m.default?.call(undefined)], { depth: 9 })
  const given = await shown(await plain.evaluate<Module>(file, code))
  const module = await vite.evaluate<Module>(file, code)
  expect((await vite.server.transformRequest(`${ROOT}/${file}`, { ssr: true }))?.code).toContain('__heddle_at')
  let found = ''
  const { failure } = await check(async () => void (found = await shown(module)), { strategy: 'fifo', schedules: 1 })
  expect(failure?.error).toBeUndefined()
  expect(found).toBe(given)
})
