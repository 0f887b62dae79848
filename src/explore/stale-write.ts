import type { CodePlace } from './failure-file.ts'

/** An access that the code itself tells of, as an instrumented run records it. */
export interface AccessRecord {
  /** Equal numbers are the same thing. */
  readonly object: number
  readonly kind: 'read' | 'write'
  /** As the code has it: `this.balance`. */
  readonly name: string
  readonly at: CodePlace
  readonly task: string | undefined
  /** Which chain of awaits; it may be known only later. */
  readonly strand: { readonly lane: number }
}

/** One of the three accesses of a broken atomic section. */
export interface StaleAccess {
  readonly lane: number
  readonly task: string | undefined
  readonly at: CodePlace
}

/** Something that one lane read, another one wrote, and the first one wrote without having read it again. */
export interface StaleWriteRecord {
  readonly name: string
  readonly read: StaleAccess
  readonly between: StaleAccess
  readonly written: StaleAccess
}

/**
 * The last write of a run that was made from a value which another lane had replaced in the meantime: the unserialisable
 * pattern read, remote write, write (Lu, Tucek, Qin and Zhou, "AVIO", ASPLOS 2006).
 */
export function staleWriteIn(accesses: readonly AccessRecord[]): StaleWriteRecord | undefined {
  /** Per thing, each lane's last read. */
  const reads = new Map<number, Map<number, { readonly access: AccessRecord; between: AccessRecord | null }>>()
  let found: StaleWriteRecord | undefined
  for (const access of accesses) {
    const { lane } = access.strand
    const lanes = reads.get(access.object) ?? new Map<number, { access: AccessRecord; between: AccessRecord | null }>()
    reads.set(access.object, lanes)
    if (access.kind === 'read') {
      lanes.set(lane, { access, between: null })
      continue
    }
    const own = lanes.get(lane)
    if (own?.between != null) {
      found = { name: access.name, read: whereOf(own.access), between: whereOf(own.between), written: whereOf(access) }
    }
    // What it has written itself is what it knows of.
    lanes.delete(lane)
    for (const read of lanes.values()) read.between ??= access
  }
  return found
}

function whereOf({ strand, task, at }: AccessRecord): StaleAccess {
  return { lane: strand.lane, task, at }
}
