// Typedoc wants the compiler's JavaScript interface, which ends with TypeScript 6; `typescript` here is 7. With
// `node --import` of this file, what is loaded after it gets 6.
import { register } from 'node:module'

const hooks = `export function resolve(specifier, context, next) {
  return next(specifier.replace(/^typescript(?=$|\\/)/, 'typescript-6'), context)
}`

register(`data:text/javascript,${encodeURIComponent(hooks)}`)
