import type { EventLoop } from '../../asyncio/event-loop.ts'
import type { Access } from '../../loop/runnable.ts'
import type { Site } from './site.ts'
import { type Strand, strandNow } from './strand.ts'

/** An access that transformed code tells of: which line of it, and which chain of awaits. */
export interface PlacedAccess extends Access {
  readonly site: Site
  readonly strand: Strand
}

/** What is in a collection or an array counts as one thing. */
const CONTENTS = Symbol('contents')
/** Below the one that tracked objects have. */
const FIRST_SERIAL = -2

const READING = new Set(
  ('get has keys values entries forEach union intersection difference isSubsetOf isSupersetOf slice map filter find ' +
    'findIndex findLast indexOf lastIndexOf includes some every reduce reduceRight join at concat flat flatMap').split(' '),
)

/** The numbers of one object's properties in one run. */
interface Numbers {
  readonly loop: EventLoop
  readonly of: Map<PropertyKey, number>
}

const numbers = new WeakMap<object, Numbers>()
/** What variables belong to whose activation is not known: their module. */
const modules = new Map<string, object>()

/** Whoever is told may be transformed code itself: a strategy of the user's own. */
let telling = false

export function noteProperty(loop: EventLoop, o: unknown, key: unknown, site: Site): void {
  if ((typeof o !== 'object' && typeof o !== 'function') || o === null) return
  if (site.kind === 'call') {
    // Of any object but a collection the method is code, and what that touches is told of there.
    if (isCollection(o)) note(loop, o, CONTENTS, READING.has(site.key) ? 'read' : 'write', site)
    return
  }
  if (typeof key !== 'string' && typeof key !== 'symbol' && typeof key !== 'number') return
  const inside = Array.isArray(o) || ArrayBuffer.isView(o) || (key === 'size' && isCollection(o))
  note(loop, o, inside ? CONTENTS : typeof key === 'number' ? String(key) : key, site.kind, site)
}

function isCollection(o: object): boolean {
  return Array.isArray(o) || ArrayBuffer.isView(o) || o instanceof Map || o instanceof Set || o instanceof WeakMap || o instanceof WeakSet
}

export function noteVariable(loop: EventLoop, scope: object | null, site: Site): void {
  let owner = scope
  if (owner === null) {
    owner = modules.get(site.file) ?? {}
    modules.set(site.file, owner)
  }
  note(loop, owner, `${site.file} ${site.name}:${site.key}`, site.kind, site)
}

function note(loop: EventLoop, o: object, key: PropertyKey, kind: Site['kind'], site: Site): void {
  const { onAccess } = loop
  if (onAccess === null || telling) return
  const object = numberOf(loop, o, key)
  const strand = strandNow(loop)
  const tell = (as: Access['kind']): void => {
    const access: PlacedAccess = { object, kind: as, site, strand }
    telling = true
    try {
      onAccess.access(access)
    } finally {
      telling = false
    }
  }
  if (kind !== 'write') tell('read')
  if (kind !== 'read') tell('write')
}

function numberOf(loop: EventLoop, o: object, key: PropertyKey): number {
  let known = numbers.get(o)
  if (known === undefined || known.loop !== loop) {
    known = { loop, of: new Map() }
    numbers.set(o, known)
  }
  let n = known.of.get(key)
  if (n === undefined) {
    n = loop.newObject(serialOf(key))
    known.of.set(key, n)
  }
  return n
}

const serials = new Map<PropertyKey, number>()

/**
 * Under reduction all properties of one name count as one object, whatever they belong to: a number must mean the same in
 * every schedule, and who first touches a property would decide it otherwise.
 */
function serialOf(key: PropertyKey): number {
  let serial = serials.get(key)
  if (serial === undefined) {
    serial = FIRST_SERIAL - serials.size
    serials.set(key, serial)
  }
  return serial
}
