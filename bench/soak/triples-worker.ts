/** `node triples-worker.js FROM TO`: runs these triples, and prints a hash of the traces of each thousand. */
import { chunkHash, CHUNK } from './triples-run.ts'

const [from = 0, to = 0] = process.argv.slice(2).map(Number)
for (let chunk = from; chunk < to; chunk += CHUNK) console.log(`${chunk} ${await chunkHash(chunk, Math.min(to, chunk + CHUNK))}`)
