import { Auto } from '../auto.ts'
import { BoundedSearch } from '../bounded-search.ts'
import { Dpor } from '../dpor.ts'
import { Exhaustive } from '../exhaustive.ts'
import type { Strategy } from '../strategy.ts'
import { AutoShard } from './auto-shard.ts'
import { DporShard } from './dpor-shard.ts'
import { NumberShard } from './number-shard.ts'
import type { Shard } from './territory.ts'
import { TreeShard } from './tree-shard.ts'

/**
 * A share of what the strategy explores: all shares together are the whole. Searches of a tree are split by the first
 * choices of their schedules, all others by the numbers of their schedules.
 *
 * @param schedules how many all shares run together; a search of a tree is not held to its part of them, since
 *   the parts of a tree differ in size
 */
export function sharded(strategy: Strategy, shard: Shard, schedules: number): Strategy {
  if (strategy instanceof Dpor) return new DporShard(shard, schedules)
  if (strategy instanceof Exhaustive || strategy instanceof BoundedSearch) return new TreeShard(strategy, shard)
  if (strategy instanceof Auto) return new AutoShard(shard, schedules)
  return new NumberShard(strategy, shard, schedules)
}
