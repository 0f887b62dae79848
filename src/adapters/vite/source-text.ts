/** The end of the blanks and comments that begin at `at`. */
export function afterTrivia(code: string, at: number): number {
  let i = at
  for (;;) {
    const c = code.charCodeAt(i)
    if (c === 47 && code.charCodeAt(i + 1) === 47) {
      const end = code.slice(i).search(/[\n\r\u2028\u2029]/)
      i = end < 0 ? code.length : i + end
    } else if (c === 47 && code.charCodeAt(i + 1) === 42) i = code.indexOf('*/', i + 2) + 2
    else if (c <= 32 || (c > 127 && /\s/.test(code[i] as string))) i++
    else return i
    if (i >= code.length) return i
  }
}

/** The end of an expression that ends at `at`, with the parentheses around it that close before `limit`. */
export function afterParentheses(code: string, at: number, limit: number): number {
  let end = at
  for (;;) {
    const next = afterTrivia(code, end)
    if (next >= limit || code[next] !== ')') return end
    end = next + 1
  }
}

/** The end of `token`, which follows the node that ends at `at`, parentheses and comments aside. -1: it does not. */
export function afterToken(code: string, at: number, token: string, limit = code.length): number {
  const start = afterTrivia(code, afterParentheses(code, at, limit))
  return code.startsWith(token, start) ? start + token.length : -1
}
