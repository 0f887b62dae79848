import { IN_NO_FILE, stackOf } from '../../../world/stacks.ts'

const VITEST = /[\\/]node_modules[\\/](?:vitest|@vitest)[\\/]/
/** Frames of the library only pass calls on. */
const OWN = new URL('../../..', import.meta.url).pathname

/** Frames of the host's hooks lie above, whose number is up to its version. */
const DEPTH = 30

/** The line that arms the timer which is being made, as a hook of the host sees it, and whether it is vitest's. */
export function armingLine(): { readonly line: string; readonly isOfVitest: boolean } | undefined {
  const { host, words } = stackOf(DEPTH)
  const hosts = lineIn(host)
  const line = lineIn(words)
  return hosts === undefined || line === undefined ? undefined : { line, isOfVitest: VITEST.test(hosts) }
}

/** The first that lies in a file, and in neither the host's nor the library's. */
function lineIn(stack: string): string | undefined {
  return stack.split('\n').slice(1).find((line) => !line.includes('node:') && !IN_NO_FILE.test(line) && !line.includes(OWN))
}
