import {
  CLASSES,
  classesIn,
  type Clock,
  type Cyclic,
  type Deferring,
  NO_VALUES,
  type Order,
  type Phase,
  type Phased,
  type Plan,
  type Rank,
  type Rotating,
  type Switched,
} from './plan.ts'

const RANKS = ['oldest', 'newest'] as const
/** The steps at which phases of the catalogue begin. */
const CUTS = [1, 2, 3, 4, 5, 6]
/** So many places of a switch are tried alone, and of two together; and so many options at each. */
const PLACES = 24
const PAIRED_PLACES = 12
const TARGETS = 3
const PAIRED_TARGETS = 2
/** A window without an end is tried up to, and from, the powers of two below this one. */
const LONGEST_WINDOW = 2 ** 16

const phased = (...phases: readonly Phase[]): Phased => ({ kind: 'phases', phases })

/** Each lane in one piece. */
export const SERIAL: readonly Phased[] = RANKS.map((rank) => phased({ from: 0, rank }))

const ONE_CLASS: readonly Deferring[] = Array.from({ length: CLASSES }, (_, i) => 1 << i).flatMap((classes) =>
  RANKS.map((rank) => ({ kind: 'defer', classes, rank })),
)

const TWO_PHASES: readonly Phased[] = CUTS.flatMap((from) =>
  RANKS.flatMap((a) => RANKS.map((b) => phased({ from: 0, rank: a }, { from, rank: b }))),
)

const CYCLES: readonly Cyclic[] = [1, 2, 3].flatMap((every) =>
  RANKS.flatMap((a) => RANKS.map((b): Cyclic => ({ kind: 'cycle', every, ranks: [a, b] }))),
)

const THREE_PHASES: readonly Phased[] = CUTS.flatMap((first, i) =>
  CUTS.slice(i + 1).flatMap((second) =>
    RANKS.flatMap((a) =>
      RANKS.flatMap((b) =>
        RANKS.map((c) => phased({ from: 0, rank: a }, { from: first, rank: b }, { from: second, rank: c })),
      ),
    ),
  ),
)

const ROTATIONS: readonly Rotating[] = [1, 2, 3].map((by) => ({ kind: 'rotate', by }))

/** The orders without chance and without places, by kind, the simplest first. */
export const KINDS: readonly (readonly Order[])[] = [SERIAL, ONE_CLASS, TWO_PHASES, CYCLES, ROTATIONS, THREE_PHASES]
const CATALOGUE: readonly Order[] = KINDS.flat()

/** An order's place in the catalogue; -1 for all that have chance or places in them. */
function placeOf(order: Order): number {
  const text = JSON.stringify(order)
  return TEXTS.indexOf(text)
}

const TEXTS: readonly string[] = CATALOGUE.map((order) => JSON.stringify(order))

function* singles(): Generator<Switched> {
  for (let at = 0; at < PLACES; at++) {
    for (let to = 1; to <= TARGETS; to++) yield { kind: 'switches', switches: [{ at, to }] }
  }
}

function* pairs(): Generator<Switched> {
  for (let second = 1; second < PAIRED_PLACES; second++) {
    for (let first = 0; first < second; first++) {
      for (let a = 1; a <= PAIRED_TARGETS; a++) {
        for (let b = 1; b <= PAIRED_TARGETS; b++) {
          yield { kind: 'switches', switches: [{ at: first, to: a }, { at: second, to: b }] }
        }
      }
    }
  }
}

/**
 * The orders that are simpler than this one, in the order in which they are to be tried. With chance is above the catalogue,
 * that above two switches, and those above one.
 */
function* simplerOrders(order: Order): Generator<Order> {
  if (order.kind === 'switches') {
    yield* SERIAL
    yield* before(singles(), order)
    if (order.switches.length > 1) yield* before(pairs(), order)
    return
  }
  const place = placeOf(order)
  yield* place < 0 ? CATALOGUE : CATALOGUE.slice(0, place)
  if (place >= 0 && place < SERIAL.length) return
  yield* singles()
  yield* pairs()
  if (place < 0 && order.kind !== 'rotate') yield* lessChance(order)
}

function* before(all: Iterable<Switched>, order: Switched): Generator<Switched> {
  const own = JSON.stringify(order)
  for (const s of all) {
    if (JSON.stringify(s) === own) return
    yield s
  }
}

/** The same with less chance in it, or with fewer classes deferred. */
function* lessChance(order: Phased | Cyclic | Deferring): Generator<Order> {
  switch (order.kind) {
    case 'phases':
      yield* fewerRandomPhases(order)
      break
    case 'cycle': {
      const [even, odd] = order.ranks
      for (const rank of simplerRanks(even)) yield { ...order, ranks: [rank, odd] }
      for (const rank of simplerRanks(odd)) yield { ...order, ranks: [even, rank] }
      break
    }
    case 'defer': {
      const classes = classesIn(order.classes)
      const without = (gone: readonly number[]): Deferring => ({ ...order, classes: gone.reduce((bits, i) => bits & ~(1 << i), order.classes) })
      for (let n = classes.length >> 1; n >= 1; n >>= 1) {
        for (let i = 0; i < classes.length; i += n) yield without(classes.slice(i, i + n))
      }
      for (const rank of simplerRanks(order.rank)) yield { ...order, rank }
    }
  }
}

/** The same without a phase of chance, or with less chance in it; or with chance only up to, or only from, some step. */
function* fewerRandomPhases({ phases }: Phased): Generator<Phased> {
  for (const [i, phase] of phases.entries()) {
    const simpler = simplerRanks(phase.rank)
    if (simpler.length > 0 && phases.length > 1) {
      const [first, ...rest] = phases.filter((_, j) => j !== i)
      yield phased({ ...(first as Phase), from: 0 }, ...rest)
    }
    for (const rank of simpler) yield phased(...phases.map((p, j) => (j === i ? { ...p, rank } : p)))
  }
  const [only] = phases
  if (phases.length !== 1 || only === undefined) return
  for (const from of CUTS) {
    yield phased(only, { from, rank: 'oldest' })
    yield phased({ from: 0, rank: 'oldest' }, { from, rank: only.rank })
  }
}

function simplerRanks(rank: Rank): readonly Rank[] {
  if (rank === 'random') return ['oldest', 'newest', 'mixed']
  return rank === 'mixed' ? RANKS : []
}

const CLOCKS: readonly Clock[] = ['last', 'first', 'random']

/** The plans that are simpler than this one, the most promising first. Following them always comes to an end. */
export function* simplerPlans(plan: Plan): Generator<Plan> {
  const [from, to] = plan.values
  if (to > from) yield { ...plan, values: NO_VALUES }
  for (const clock of CLOCKS.slice(0, CLOCKS.indexOf(plan.clock))) yield { ...plan, clock }
  for (const order of simplerOrders(plan.order)) yield { ...plan, order }
  for (const values of narrower(from, to)) yield { ...plan, values }
}

/** Windows with the same values in fewer places: half of it, all but the half, … all but one. */
function* narrower(from: number, to: number): Generator<Plan['values']> {
  if (to === Number.POSITIVE_INFINITY) {
    for (let end = 1; end <= LONGEST_WINDOW; end *= 2) if (end > from) yield [from, end]
    for (let start = LONGEST_WINDOW; start >= 1; start /= 2) if (start > from) yield [start, to]
    return
  }
  for (let cut = Math.floor((to - from) / 2); cut >= 1; cut = Math.floor(cut / 2)) {
    yield [from, to - cut]
    yield [from + cut, to]
  }
}
