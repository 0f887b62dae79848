import type { Patches } from './patches.ts'
import type { Scope } from './scope.ts'

/** The same numbers in every schedule: a schedule is a function of the program and its choices, and of nothing else. */
const SEED = 0x9e3779b9

/** Random numbers for the program under test (splitmix32 by Steele, Lea and Flood, in its 32-bit form). */
class SeededRandom {
  #state = SEED

  restart(): void {
    this.#state = SEED
  }

  next(): number {
    this.#state = (this.#state + 0x9e3779b9) | 0
    let z = this.#state
    z = Math.imul(z ^ (z >>> 16), 0x85ebca6b)
    z = Math.imul(z ^ (z >>> 13), 0xc2b2ae35)
    return (z ^ (z >>> 16)) >>> 0
  }

  /** From 0 to 1, with 53 bits. */
  fraction(): number {
    return ((this.next() >>> 5) * 0x4000000 + (this.next() >>> 6)) / 2 ** 53
  }

  fill<T>(view: T): T {
    const { buffer, byteOffset, byteLength } = view as T & ArrayBufferView
    const bytes = new Uint8Array(buffer, byteOffset, byteLength)
    for (let i = 0; i < bytes.length; i++) bytes[i] = this.next() >>> 24
    return view
  }

  /** A version 4 identifier (RFC 9562). */
  uuid(): string {
    const bytes = Uint8Array.from({ length: 16 }, () => this.next() >>> 24)
    bytes[6] = ((bytes[6] as number) & 0x0f) | 0x40
    bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80
    const hex = [...bytes].map((b) => b.toString(16).padStart(2, '0')).join('')
    return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5')
  }
}

type Call = (...args: unknown[]) => unknown

/**
 * Seeds Math.random and the random functions of `crypto`; gives what starts them anew before each schedule. Between two
 * schedules they are the host's own.
 */
export function patchRandom(scope: Scope, patches: Patches, module: Record<string, unknown> | undefined): () => void {
  const random = new SeededRandom()
  const patch = (target: object | undefined, name: string, seeded: Call): void => {
    const native = (target as Record<string, unknown> | undefined)?.[name]
    if (typeof native !== 'function') return
    patches.replace(target, name, (...args: unknown[]) =>
      scope.loop === null ? (native as Call).apply(target, args) : seeded(...args),
    )
  }
  patch(Math, 'random', () => random.fraction())
  for (const target of [globalThis.crypto as object | undefined, module]) {
    patch(target, 'randomUUID', () => random.uuid())
    patch(target, 'getRandomValues', (view) => random.fill(view))
  }
  patch(module, 'randomFillSync', (view) => random.fill(view))
  return () => random.restart()
}
