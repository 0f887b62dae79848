import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

setFlagsFromString('--expose-gc')
const collect = runInNewContext('gc') as () => void

/** The bytes that are in use once what is garbage has gone. */
export function heapUsed(): number {
  collect()
  return process.memoryUsage().heapUsed
}
