/**
 * What a generated schedule is, as plain data.
 *
 * fast-check shrinks the inputs and the schedule one after the other, each while the other stays. So a schedule must keep
 * its meaning when the inputs shrink, and a list of picks does not: without one of twenty operations every later choice
 * point has moved, and has other options. Most plans say instead what *every* lane does, so that they go on doing it for
 * two operations whatever becomes of the others:
 *
 * - `phases`: each lane's steps fall into the same phases (before its second step, from there on, …). A lane in an earlier
 *   phase goes first, and within a phase the oldest lane does, or the newest. For any two operations of two steps a plan with
 *   two phases gives each of their six orders.
 * - `cycle`: the same with ever new phases of so many steps: lanes keep pace, wherever in them the two operations are.
 * - `defer`: steps that wait for something of certain labels come last, and so do tasks of certain names. Labels are told
 *   apart by a hash of four bits, so that there are few enough to be tried, and the plan needs to have seen none of them.
 * - `rotate`: never the lane that could go on, but the one so many places after it.
 * - The ranks `mixed` (random for each lane) and `random` (for each of its steps) reach what fixed ones cannot; they are keyed
 *   by names and labels rather than by positions, so that they too survive the loss of a neighbour.
 * - `switches`: a lane goes on for as long as it can, except at these choice points. It says least, and it is what to read in a
 *   counterexample; but its places move with the inputs, so that it is tried last, when the inputs have become small.
 *
 * Nothing in shrinking looks at a run: fast-check walks the same shrinks again, without running any, to replay a path.
 */
export interface Plan {
  /** For the random ranks and values. */
  readonly seed: number
  readonly order: Order
  /** When the clock may advance although operations of the outside are under way: never if another can go on, at once, at random. */
  readonly clock: Clock
  /** The values (`choose`, faults, cancellations) from the first of these numbers up to the second are drawn, all others are 0. */
  readonly values: readonly [from: number, to: number]
}

export type Order = Phased | Cyclic | Deferring | Rotating | Switched
export type Clock = 'last' | 'first' | 'random'
export type Rank = 'oldest' | 'newest' | 'mixed' | 'random'

export interface Phased {
  readonly kind: 'phases'
  readonly phases: readonly Phase[]
}

export interface Phase {
  /** The step of a lane with which the phase begins: 0 is its start, 1 the first step after a wait. */
  readonly from: number
  readonly rank: Rank
}

export interface Cyclic {
  readonly kind: 'cycle'
  /** How many steps a phase has. */
  readonly every: number
  /** Of the even phases and of the odd ones. */
  readonly ranks: readonly [Rank, Rank]
}

export interface Deferring {
  readonly kind: 'defer'
  /** A bit for each of {@link CLASSES} classes of labels. */
  readonly classes: number
  readonly rank: Rank
}

/** At every choice point, the option so many places after the one with which the lane would go on. */
export interface Rotating {
  readonly kind: 'rotate'
  readonly by: number
}

export interface Switched {
  readonly kind: 'switches'
  readonly switches: readonly Switch[]
}

/** At the choice point of this number, from 0, the option so many places after the expected one. */
export interface Switch {
  readonly at: number
  readonly to: number
}

/** How many classes of labels can be deferred. */
export const CLASSES = 16
export const NO_VALUES: Plan['values'] = [0, 0]
export const ALL_VALUES: Plan['values'] = [0, Number.POSITIVE_INFINITY]

/** A plan in words. */
export function planInWords({ order, clock, values }: Plan): string {
  const words = [orderInWords(order)]
  if (clock !== 'last') words.push(clock === 'first' ? 'the clock first' : 'the clock at random')
  const [from, to] = values
  if (to > from) words.push(valuesInWords(from, to))
  return words.join('; ')
}

const WORDS: Record<Rank, string> = {
  oldest: 'the oldest first',
  newest: 'the newest first',
  mixed: 'in a random order',
  random: 'at random',
}

function orderInWords(order: Order): string {
  switch (order.kind) {
    case 'phases':
      return order.phases
        .map(({ from, rank }) => (from === 0 ? WORDS[rank] : `from each lane's step ${from} on ${WORDS[rank]}`))
        .join(', ')
    case 'cycle': {
      const [even, odd] = order.ranks
      const pace = `in turn, ${order.every === 1 ? 'one step' : `${order.every} steps`} each`
      return even === odd ? `${pace}, ${WORDS[even]}` : `${pace}, ${WORDS[even]} and ${WORDS[odd]} by turns`
    }
    case 'defer':
      return `steps of some labels last (classes ${classesIn(order.classes).join(', ')}), ${WORDS[order.rank]}`
    case 'rotate':
      return `never the same lane twice, but the one ${order.by === 1 ? 'after it' : `${order.by} places on`}`
    case 'switches': {
      const at = order.switches.map((s) => `${s.at + 1}${s.to === 1 ? '' : ` (${s.to} places on)`}`)
      return `each lane as far as it goes, except at choice ${at.join(' and ')}`
    }
  }
}

/** The numbers of the bits that are set. */
export function classesIn(bits: number): number[] {
  return Array.from({ length: CLASSES }, (_, i) => i).filter((i) => (bits & (1 << i)) !== 0)
}

function valuesInWords(from: number, to: number): string {
  if (to !== Number.POSITIVE_INFINITY) return `values ${from + 1} to ${to} at random`
  return from === 0 ? 'values at random' : `values from ${from + 1} on at random`
}
