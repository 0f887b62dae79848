import type { ChoicePoint, Chooser } from '../loop/chooser.ts'
import type { Option } from '../loop/runnable.ts'

/** What a schedule comes to: which lane each step belongs to, and the values that were picked, in order. */
export interface Order {
  readonly lanes: readonly number[]
  readonly values: readonly number[]
}

/** The clock and callbacks of no lane. */
const NO_LANE = -1

/** The lane of an option, as an order has it. */
export function laneOf(option: Option): number {
  return option.lane ?? option.origin ?? NO_LANE
}

/**
 * Runs the lanes in a given order, as far as they can: of what could happen, what comes first in the rest of the order.
 * An order can be changed by hand, unlike picks, each of which changes what the later ones mean.
 */
export class LaneOrder implements Chooser {
  readonly #values: readonly number[]
  #value = 0
  /** Per lane, the places of its steps that are still to come, the next one last. */
  readonly #left = new Map<number, number[]>()

  constructor({ lanes, values }: Order) {
    this.#values = values
    for (let i = lanes.length - 1; i >= 0; i--) {
      const lane = lanes[i] as number
      const places = this.#left.get(lane)
      if (places === undefined) this.#left.set(lane, [i])
      else places.push(i)
    }
  }

  /** `except`: an option that is not to be picked. */
  choose(point: ChoicePoint, except = -1): number {
    if (point.optionAt(0).kind === 'value') {
      const k = this.#values[this.#value++] ?? 0
      return k < point.count ? k : 0
    }
    let best = except === 0 ? 1 : 0
    let first = Number.POSITIVE_INFINITY
    for (let k = 0; k < point.count; k++) {
      const at = this.#left.get(laneOf(point.optionAt(k)))?.at(-1) ?? Number.POSITIVE_INFINITY
      if (at >= first || k === except) continue
      best = k
      first = at
    }
    return best
  }

  /** To be told of each step. */
  step(option: Option): void {
    this.#left.get(laneOf(option))?.pop()
  }
}

/** A block: steps of one lane, one after the other. */
interface Block {
  readonly lane: number
  readonly from: number
  readonly to: number
}

function blocksOf(lanes: readonly number[]): Block[] {
  const blocks: Block[] = []
  for (let from = 0; from < lanes.length; ) {
    let to = from + 1
    while (lanes[to] === lanes[from]) to++
    blocks.push({ lane: lanes[from] as number, from, to })
    from = to
  }
  return blocks
}

/** A way to have fewer blocks: the block at `later` joins the one of its lane before it, `earlier`, there or here. */
export interface Merge {
  readonly earlier: number
  readonly later: number
  readonly forward: boolean
}

/** All the ways to have one block fewer. */
export function mergesOf({ lanes }: Order): Merge[] {
  const blocks = blocksOf(lanes)
  const last = new Map<number, number>()
  const merges: Merge[] = []
  for (const [later, { lane }] of blocks.entries()) {
    const earlier = last.get(lane)
    if (earlier !== undefined) merges.push({ earlier, later, forward: false }, { earlier, later, forward: true })
    last.set(lane, later)
  }
  return merges
}

/** The order with some of its blocks merged. */
export function merged(order: Order, merges: readonly Merge[]): Order {
  const blocks = blocksOf(order.lanes)
  /** What each block goes with: it and all that has joined it, in order. */
  const joined: (number[] | null)[] = blocks.map((_, i) => [i])
  const whereIs = blocks.map((_, i) => i)
  for (const { earlier, later, forward } of merges) {
    const [from, to] = [whereIs[earlier] as number, whereIs[later] as number]
    if (from === to) continue
    // Where a block is there is a group.
    const all = [...(joined[from] as number[]), ...(joined[to] as number[])]
    const place = forward ? to : from
    joined[from] = null
    joined[to] = null
    joined[place] = all
    for (const block of all) whereIs[block] = place
  }
  const lanes = joined.flatMap((group) =>
    (group ?? []).flatMap((i) => order.lanes.slice((blocks[i] as Block).from, (blocks[i] as Block).to)),
  )
  return { lanes, values: order.values }
}
