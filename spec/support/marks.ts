import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { expect } from 'vitest'

/** Of a spec's own file: gives the number of the one line that ends with `// mark`. */
export function marksIn(url: string): (mark: string) => number {
  const lines = readFileSync(fileURLToPath(url), 'utf8').split('\n')
  return (mark) => {
    const at = lines.flatMap((l, i) => (l.endsWith(`// ${mark}`) ? [i + 1] : []))
    expect(at, `a line marked ${mark}`).toHaveLength(1)
    return at[0] as number
  }
}
