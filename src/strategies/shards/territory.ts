/** One of several shares of an exploration. */
export interface Shard {
  /** Which one, from 1. */
  readonly index: number
  /** How many there are. */
  readonly count: number
}

/** Plots `low` to `high - 1`: those that the schedules below a choice fall into. */
export interface Range {
  readonly low: number
  readonly high: number
}

/**
 * The tree of choices, cut into plots that belong to shards in turns. Wherever a range of plots meets a choice it is
 * split evenly among the options, until one plot is left: all below that is its owner's. So who owns a schedule follows
 * from its first picks alone, and nobody has to ask anybody. Several plots a shard even out that some options lead to
 * more schedules than others.
 */
export class Territory {
  readonly all: Range
  readonly #shard: Shard

  constructor(shard: Shard, plotsEach: number) {
    this.#shard = shard
    this.all = { low: 0, high: shard.count * plotsEach }
  }

  /** What is left of a range behind option k of so many. */
  behind(range: Range, k: number, count: number): Range {
    const size = range.high - range.low
    if (count >= size) {
      const low = range.low + (k % size)
      return { low, high: low + 1 }
    }
    const edge = (i: number): number => range.low + Math.floor((i * size) / count)
    return { low: edge(k), high: edge(k + 1) }
  }

  /** Whether any plot of the range is this shard's. */
  reaches({ low, high }: Range): boolean {
    for (let plot = low; plot < high; plot++) if (owns(this.#shard, plot)) return true
    return false
  }

  /** Whether a schedule that ends here is this shard's: a range that is never split up falls to the owner of its first plot. */
  owns(range: Range): boolean {
    return owns(this.#shard, range.low)
  }
}

/** Whether a plot is the shard's: by the sum of its digits to the base of the number of shards, so that none has the same option everywhere. */
export function owns({ index, count }: Shard, plot: number): boolean {
  if (count === 1) return true
  let sum = 0
  for (let rest = plot; rest > 0; rest = Math.floor(rest / count)) sum += rest % count
  return sum % count === index - 1
}

/** Whether a range is one plot, which has one owner. */
export function isPlot(range: Range): boolean {
  return range.high - range.low === 1
}
