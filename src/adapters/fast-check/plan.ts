/**
 * What a generated schedule is, as plain data.
 *
 * fast-check shrinks the inputs and the schedule one after the other, each while the other stays. So a schedule must keep
 * its meaning when the inputs shrink, and a list of picks does not: without one of twenty operations every later choice
 * point has moved, and has other options. A plan says instead what *every* lane does:
 *
 * - `phases`: each lane's steps fall into the same phases (before its second step, from there on, …), a lane in an earlier
 *   phase goes first, and within a phase the oldest lane does, or the newest. For any two operations of two steps such a plan
 *   with two phases gives each of their six orders, and goes on giving it whatever becomes of all the others.
 * - the orders `mixed` (a random rank for each lane) and `random` (for each of its steps) reach what two fixed orders cannot;
 *   the ranks are keyed by names and labels, not by positions, so that they too survive the loss of a neighbour.
 * - `switches`: a lane goes on for as long as it can, except at these choice points. It says least, and it is what to read in
 *   a counterexample; but its places move with the inputs, so that it is tried last, when the inputs have become small.
 *
 * Nothing in shrinking looks at a run: fast-check walks the same shrinks again, without running any, to replay a path.
 */
export type Plan = {
  /** For the random orders and values. */
  readonly seed: number
  readonly order: Phased | Switched
  /** When the clock may advance although operations of the outside are under way: never if another can go on, at once, at random. */
  readonly clock: Clock
  /** The values (`choose`, faults, cancellations) from the first of these numbers up to the second are drawn, all others are 0. */
  readonly values: readonly [from: number, to: number]
}

export type Clock = 'last' | 'first' | 'random'
export type Rank = 'oldest' | 'newest' | 'mixed' | 'random'

export interface Phase {
  /** The step of a lane, from 1, with which the phase begins. */
  readonly from: number
  readonly rank: Rank
}

export interface Phased {
  readonly kind: 'phases'
  readonly phases: readonly Phase[]
}

/** At the choice point of this number, from 0, the lane that is that many places after the expected one. */
export interface Switch {
  readonly at: number
  readonly to: number
}

export interface Switched {
  readonly kind: 'switches'
  readonly switches: readonly Switch[]
}

export const NO_VALUES: Plan['values'] = [0, 0]
export const ALL_VALUES: Plan['values'] = [0, Number.POSITIVE_INFINITY]
/** A window without an end is tried up to, and from, the powers of two below this one. */
const LONGEST_WINDOW = 2 ** 16

const RANKS = ['oldest', 'newest'] as const
/** The steps at which phases of the catalogue begin. */
const CUTS = [2, 3, 4, 5, 6]
/** So many places of a switch are tried alone, and of two together. */
const PLACES = 24
const PAIRED_PLACES = 12
const TARGETS = 3
const PAIRED_TARGETS = 2

const phased = (...phases: readonly Phase[]): Phased => ({ kind: 'phases', phases })

/** Each lane in one piece. */
export const SERIAL: readonly Phased[] = RANKS.map((rank) => phased({ from: 1, rank }))

const TWO_PHASES: readonly Phased[] = CUTS.flatMap((from) =>
  RANKS.flatMap((a) => RANKS.map((b) => phased({ from: 1, rank: a }, { from, rank: b }))),
)

const THREE_PHASES: readonly Phased[] = CUTS.flatMap((first, i) =>
  CUTS.slice(i + 1).flatMap((second) =>
    RANKS.flatMap((a) =>
      RANKS.flatMap((b) =>
        RANKS.map((c) => phased({ from: 1, rank: a }, { from: first, rank: b }, { from: second, rank: c })),
      ),
    ),
  ),
)

/** The phased orders without chance, the simplest first. */
export const CATALOGUE: readonly Phased[] = [...SERIAL, ...TWO_PHASES, ...THREE_PHASES]

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

/** The orders that are simpler than this one, in the order in which they are to be tried. */
function* simplerOrders(order: Plan['order']): Generator<Plan['order']> {
  if (order.kind === 'switches') {
    yield* SERIAL
    const before = (all: Iterable<Switched>): Generator<Switched> => until(all, (s) => sameSwitches(s, order))
    yield* before(singles())
    if (order.switches.length > 1) yield* before(pairs())
    return
  }
  const known = CATALOGUE.findIndex((p) => samePhases(p, order))
  yield* known < 0 ? CATALOGUE : CATALOGUE.slice(0, known)
  if (known >= 0 && known < SERIAL.length) return
  yield* singles()
  yield* pairs()
  if (known < 0) yield* lessChance(order)
}

function* until<T>(all: Iterable<T>, found: (t: T) => boolean): Generator<T> {
  for (const t of all) {
    if (found(t)) return
    yield t
  }
}

/** The same without a phase of chance, or with less chance in it; or with chance only up to, or only from, some step. */
function* lessChance({ phases }: Phased): Generator<Phased> {
  for (const [i, phase] of phases.entries()) {
    const simpler = simplerRanks(phase.rank)
    if (simpler.length > 0 && phases.length > 1) {
      const [first, ...rest] = phases.filter((_, j) => j !== i)
      yield phased({ ...(first as Phase), from: 1 }, ...rest)
    }
    for (const rank of simpler) yield phased(...phases.map((p, j) => (j === i ? { ...p, rank } : p)))
  }
  const [only] = phases
  if (phases.length !== 1 || only === undefined) return
  for (const from of CUTS) {
    yield phased(only, { from, rank: 'oldest' })
    yield phased({ from: 1, rank: 'oldest' }, { from, rank: only.rank })
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

function samePhases(a: Phased, b: Phased): boolean {
  return (
    a.phases.length === b.phases.length &&
    a.phases.every((p, i) => p.from === b.phases[i]?.from && p.rank === b.phases[i]?.rank)
  )
}

function sameSwitches(a: Switched, b: Switched): boolean {
  return (
    a.switches.length === b.switches.length &&
    a.switches.every((s, i) => s.at === b.switches[i]?.at && s.to === b.switches[i]?.to)
  )
}

/** A plan in words. */
export function planInWords({ order, clock, values }: Plan): string {
  const words = [order.kind === 'phases' ? phasesInWords(order.phases) : switchesInWords(order.switches)]
  if (clock !== 'last') words.push(clock === 'first' ? 'the clock first' : 'the clock at random')
  const [from, to] = values
  if (to > from) words.push(valuesInWords(from, to))
  return words.join('; ')
}

function valuesInWords(from: number, to: number): string {
  if (to !== Number.POSITIVE_INFINITY) return `values ${from + 1} to ${to} at random`
  return from === 0 ? 'values at random' : `values from ${from + 1} on at random`
}

const WORDS: Record<Rank, string> = {
  oldest: 'the oldest first',
  newest: 'the newest first',
  mixed: 'in a random order',
  random: 'at random',
}

function phasesInWords(phases: readonly Phase[]): string {
  return phases
    .map(({ from, rank }) => (from === 1 ? WORDS[rank] : `from each lane's step ${from} on ${WORDS[rank]}`))
    .join(', ')
}

function switchesInWords(switches: readonly Switch[]): string {
  const at = switches.map((s) => `${s.at + 1}${s.to === 1 ? '' : ` (${s.to} lanes on)`}`).join(' and ')
  return `each lane as far as it goes, except at choice ${at}`
}
