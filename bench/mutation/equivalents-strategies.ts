import type { Equivalent } from './equivalents.ts'

const FILLED: readonly [string, string] = ['[]', '["Stryker was here"]']

/** In src/strategies. */
export const IN_STRATEGIES: readonly Equivalent[] = [
  ...['bounded-search', 'exhaustive', 'explored', 'pct', 'pos', 'places', 'profile', 'race', 'dpor', 'dpor/names', 'dpor/outside', 'dpor/happens-before', 'dpor/recording', 'dpor/step'].map(
    (file) => ({
      file: `src/strategies/${file}.ts`,
      reason: 'whatever a list begins with is overwritten, or thrown out when a schedule begins, before it is read',
      changes: [FILLED],
    }),
  ),
  {
    file: 'src/strategies/profile.ts',
    reason: 'the count only saves a look at lanes that have all shown, and looking at those changes nothing',
    changes: [
      ['this.#unborn--', 'this.#unborn++'],
      ['this.#unborn > 0', 'true'],
      ['this.#unborn > 0', 'this.#unborn >= 0'],
    ],
  },
  {
    file: 'src/strategies/dpor/counted.ts',
    reason: 'another hash, as good a one: only whether two are equal matters, and 53 bits tell as many apart whether parts are added or subtracted',
    changes: [
      ['lane + 1', 'lane - 1'],
      ['Math.imul(b, 31) + word', 'Math.imul(b, 31) - word'],
      ['Math.imul(b, 31) + Math.imul(pick ^ i, 0x9e3779b1)', 'Math.imul(b, 31) - Math.imul(pick ^ i, 0x9e3779b1)'],
      ['b + value', 'b - value'],
      ['low + mix(a)', 'low - mix(a)'],
      ['high + mix(b ^ a)', 'high - mix(b ^ a)'],
      ['(high >>> 11) * 0x1_0000_0000 + (low >>> 0)', '(high >>> 11) * 0x1_0000_0000 - (low >>> 0)'],
      ['(visible[at - 1] as number) + (shows ? 1 : 0)', '(visible[at - 1] as number) - (shows ? 1 : 0)'],
    ],
  },
  {
    file: 'src/strategies/dpor/counted.ts',
    reason: 'time and memory only: a larger block than is needed, a set made of a set; and whether the last execution counts is asked when one has ended',
    changes: [
      ['this.#visible.length < all', 'true'],
      ['this.#visible.length < all', 'this.#visible.length <= all'],
      ['Array.isArray(this.#schedules)', 'true'],
      ['false', 'true', 'again = false'],
    ],
  },
  {
    file: 'src/strategies/shards/dpor-shard.ts',
    reason: 'to look at more executions closely takes time, and finds the same conflicts in all of them',
    changes: [
      ['this.#counted % SAMPLE === 0', 'true'],
      ['this.#counted % SAMPLE === 0', 'this.#counted % SAMPLE !== 0'],
    ],
  },
  {
    file: 'src/strategies/shards/tree-shard.ts',
    reason: 'one plot that is split is the same plot: it only saves doing so at each choice',
    changes: [['!isPlot(this.#range)', 'true']],
  },
  {
    file: 'src/strategies/shards/territory.ts',
    reason: 'as many options as plots have one plot each, by either rule',
    changes: [['count >= size', 'count > size']],
  },
  {
    file: 'src/strategies/shards/dpor-shard.ts',
    reason: 'a search that is new begins anew whatever number it is told, and each of these strategies has an end',
    changes: [
      ['++this.#executions', '--this.#executions'],
      ['this.#inner.end?.(outcome)', 'this.#inner.end(outcome)'],
    ],
  },
  {
    file: 'src/strategies/dpor/sleepers.ts',
    reason: 'a shortcut: where none sleeps, none wakes',
    changes: [['this.#asleep.length === 0', 'false']],
  },
  {
    file: 'src/strategies/bounded-search.ts',
    reason: 'the first schedule begins with a restart, which sets it; and of two equal costs either is the least',
    changes: [
      ['-1', '+1'],
      ['cost < dearer', 'cost <= dearer'],
    ],
  },
  {
    file: 'src/strategies/bounded-sampler.ts',
    reason: 'prices and places are set before they are read; with a bound of 0 nothing is, and a text is no place',
    changes: [FILLED],
  },
  {
    file: 'src/strategies/disturbances.ts',
    reason: 'a sum and a difference are even together, and the first schedule is odd',
    changes: [
      ['schedule + turn', 'schedule - turn'],
      ['schedule > 1', 'schedule >= 1'],
    ],
  },
  {
    file: 'src/strategies/auto.ts',
    reason: 'surw is a member, so that there is one that counts',
    changes: [['this.#counter?.begin', 'this.#counter.begin']],
  },
  {
    file: 'src/strategies/dpor.ts',
    reason: 'a value is chosen in a step; a search begins with its first schedule, which sets it; without a choice no step has values, so that it saves a look at all of them; what has run is as vague, and has nothing left to it, whether it was foreseen or not',
    changes: [
      ['step === undefined', 'false'],
      ['true', 'false', '#first = true'],
      ['!this.#chose', 'false'],
      ['false', 'true', "this.#asleep[d] = [...(this.#asleep[d] as Entry[]), new Entry(done, undefined, false, d)]"],
    ],
  },
  {
    file: 'src/strategies/dpor.ts',
    reason: 'it is set when a schedule begins',
    changes: [['-1', '+1', '#own = -1']],
  },
  {
    file: 'src/strategies/estimate.ts',
    reason: 'the most is as much when it is set again',
    changes: [['choices > this.#most', 'choices >= this.#most']],
  },
  {
    file: 'src/strategies/prng.ts',
    reason: 'both ways to compute the number are exact there',
    changes: [['n > 0xffff', 'n >= 0xffff']],
  },
  {
    file: 'src/strategies/pct.ts',
    reason: 'a hole in the list is as good as a 0; of two lanes that fell behind the lower one follows from places that are drawn alike',
    changes: [
      ['this.#priorities.length <= lane', 'false'],
      ['this.#priorities.length <= lane', 'this.#priorities.length < lane'],
      ['this.#depth - 1 - i', 'this.#depth - 1 + i'],
      ['steps < shortest', 'steps <= shortest'],
    ],
  },
  {
    file: 'src/strategies/pos.ts',
    reason: 'nothing races with what touched nothing; a hole in the list is as good as a 0; 32 random bits are not twice the same',
    changes: [
      ['this.#touched.length === 0', 'false'],
      ['priorities.length <= id', 'false'],
      ['priority > top', 'priority >= top'],
    ],
  },
  {
    file: 'src/strategies/surw.ts',
    reason: 'a lane of which nothing is known has nothing left',
    changes: [['lane < profile.lanes', 'lane <= profile.lanes']],
  },
  {
    file: 'src/strategies/urw.ts',
    reason: 'values are all of one lane, so that they weigh the same',
    changes: [
      ["point.optionAt(0).kind === 'value'", 'false'],
      ["'value'", '""'],
    ],
  },
  {
    file: 'src/strategies/dpor/timers.ts',
    reason: 'a new table instead of an empty one is as good; the step that cancelled it was compared with before',
    changes: [
      ['this.#all.size > 0', 'true'],
      ['this.#all.size > 0', 'this.#all.size >= 0'],
      ['cancelled > y', 'cancelled >= y'],
    ],
  },
  {
    file: 'src/strategies/dpor/names.ts',
    reason: 'any numbers will do for the children of a lane, if no two are alike',
    changes: [['k + 1', 'k - 1']],
  },
  {
    file: 'src/strategies/dpor/step.ts',
    reason: 'behind the end of a list there is nothing that is equal to an object; what else is skipped changes nothing and saves work',
    changes: [
      ['i < late.length', 'i <= late.length'],
      ['i < objects.length', 'i <= objects.length'],
      ['this.picks.length > 0', 'true'],
      ['this.kinds[at] !== WRITE', 'true'],
      ['this.#late.length > 0', 'true'],
      ['this.#late.length > 0', 'this.#late.length >= 0'],
      ['n === 0', 'false'],
      ['(late[i + 3] as number) > chosen', 'late[i + 3] as number >= chosen'],
    ],
  },
  {
    file: 'src/strategies/dpor/happens-before.ts',
    reason: 'the first step of a run comes before every other, so that it races with none',
    changes: [
      ['i >= 0', 'i > 0'],
      ['lastGlobal >= 0', 'lastGlobal > 0'],
      ['lastGlobal < 0', 'lastGlobal <= 0'],
      ['rival >= 0', 'rival > 0'],
      ['s.abandonedBy >= 0', 's.abandonedBy > 0'],
      ['before >= 0', 'before > 0'],
    ],
  },
  {
    file: 'src/strategies/dpor/happens-before.ts',
    reason: 'the first step of a run goes on after no join; a new table only takes time',
    changes: [
      ['j.resumed < 0', 'j.resumed <= 0'],
      ['width > this.#width || n * this.#width > this.#clocks.length', 'true'],
    ],
  },
  {
    file: 'src/strategies/dpor/happens-before.ts',
    reason: 'one more, or one that is equal, changes nothing: rows and lists end there, and are written before they are read',
    changes: [
      ['clock.length >= width', 'false'],
      ['clock.length >= width', 'clock.length > width'],
      ['l < width', 'l <= width'],
      ['n > (c[l] as number)', 'n >= (c[l] as number)'],
      ['n > (clocks[at] as number)', 'n >= (clocks[at] as number)'],
      ['at < end', 'at <= end'],
      ['lane < this.#width', 'lane <= this.#width'],
      ['width > this.#width', 'width >= this.#width'],
      ['this.#lastOfLane.length < this.#width', 'this.#lastOfLane.length <= this.#width'],
      ['i < s.causes.length', 'i <= s.causes.length'],
      ['k < a.objects.length', 'k <= a.objects.length'],
      ['r.length > 0', 'true'],
      ['r.length > 0', 'r.length >= 0'],
    ],
  },
  {
    file: 'src/strategies/dpor/happens-before.ts',
    reason: 'the short way for a step that touches one thing comes to what the long one does; who touched before the last write is before it',
    changes: [
      ['objects.length <= 1', 'false'],
      ['objects.length <= 1', 'objects.length < 1'],
      [
        '{\n      const object = objects[0]\n      if (object !== undefined) this.#meetTouchers(s, row, object, kinds[0] as AccessKind, lastGlobal)\n      else if (lastGlobal >= 0) this.#meet(s, row, lastGlobal)\n      return\n    }',
        '{}',
      ],
      ['k >= since - 1', 'true'],
      ['i < lastGlobal', 'i <= lastGlobal'],
    ],
  },
  {
    file: 'src/strategies/dpor/recording.ts',
    reason: 'a new table instead of an empty one is as good, and the first step is nobody’s cause but everybody’s',
    changes: [
      ['this.interfered.size > 0', 'true'],
      ['this.interfered.size > 0', 'this.interfered.size >= 0'],
      ['this.collected.size > 0', 'true'],
      ['this.collected.size > 0', 'this.collected.size >= 0'],
      ['this.#operations.length <= lane', 'this.#operations.length < lane'],
      ['this.#operations.length <= lane', 'false'],
      ['lane < this.#operations.length', 'lane <= this.#operations.length'],
    ],
  },
  {
    file: 'src/strategies/dpor/recording.ts',
    reason: 'what could still have happened has a lane from 1, the clock is not among it, or has none; timers are armed by steps, not by the move of the clock',
    changes: [
      ['lane < 0', 'lane <= 0'],
    ],
  },
  {
    file: 'src/strategies/dpor/wakeup-tree.ts',
    reason: 'what is not the last of a sequence comes there as where it was seen: it has chosen as many values as any entry for it says',
    changes: [['at >= this.#last', 'true']],
  },
  {
    file: 'src/strategies/dpor/recording.ts',
    reason: 'nothing is begun, ended, touched or awaited before the first step',
    changes: [
      ['this.#current !== null', 'true'],
      ['this.#current === null', 'false'],
      ['this.#current?.index', 'this.#current.index'],
      ['this.#current?.touch', 'this.#current.touch'],
      ['step !== null', 'true'],
      ['step === null', 'false'],
    ],
  },
  {
    file: 'src/strategies/dpor/wakeup-tree.ts',
    reason: 'new tables only take time, and an empty list is as good as none',
    changes: [
      ['length > this.#taken.length', 'true'],
      ['n > 0', 'n >= 0'],
    ],
  },
  {
    file: 'src/strategies/dpor/recording.ts',
    reason: 'a run begins by saying that nothing is being completed',
    changes: [['false', 'true', '#completing = false']],
  },
  {
    file: 'src/strategies/dpor/hops.ts',
    reason: 'a new table instead of an empty one is as good; what is around is written before it is read',
    changes: [
      ['[]', '["Stryker was here"]'],
      ['this.#owners.size > 0', 'true'],
      ['this.#owners.size > 0', 'this.#owners.size >= 0'],
    ],
  },
  {
    file: 'src/strategies/dpor/awaiting.ts',
    reason: 'a hole in a list is as good as nothing',
    changes: [
      ['this.#extra.length <= lane', 'false'],
      ['this.#extra.length <= lane', 'this.#extra.length < lane'],
      ['this.#ends.length <= future', 'false'],
      ['this.#ends.length <= future', 'this.#ends.length < future'],
    ],
  },
  {
    file: 'src/strategies/dpor.ts',
    reason: 'what sleeps behind the last step is set anew before it is asked for',
    changes: [['d + 1 < length', 'true']],
  },
  {
    file: 'src/strategies/dpor/happens-before.ts',
    reason: 'a run has the step in which its main task begins; that follows nothing, so that its row is cleared, and here all the others with it',
    changes: [
      ['last !== undefined', 'true'],
      ['row + width', 'row - width'],
    ],
  },
  {
    file: 'src/strategies/profile.ts',
    reason: 'of an object at a place that is kept there is a record: both are made in the schedules that are learnt from',
    changes: [['this.#objects.get(object)?.racy', 'this.#objects.get(object).racy']],
  },
  {
    file: 'src/strategies/auto.ts',
    reason: 'surw is a member, so that there is one that counts',
    changes: [['false', 'true', 'return this.#counter?.begin(run) ?? false']],
  },
  {
    file: 'src/strategies/shards/conflicts.ts',
    reason: 'time only: no more are taken than are asked for; and what comes before the first of two is not what causes it to come before the second',
    changes: [
      ['found.length < most', 'found.length <= most'],
      ['found.length < most', 'true'],
      ['i > a.index', 'i >= a.index'],
    ],
  },
  {
    file: 'src/strategies/shards/dpor-cell.ts',
    reason: 'the first step is that of the main task, which causes all others: it is none of two that conflict; and no two of different tasks are one step',
    changes: [
      ['before.index >= 0', 'before.index > 0'],
      ['before.index < 0', 'before.index <= 0'],
      ['after.index < 0', 'after.index <= 0'],
      ['after.index >= 0', 'after.index > 0'],
      ['w.index >= 0', 'w.index > 0'],
      ['before.index > after.index', 'before.index >= after.index'],
      ['placeOf(before) < placeOf(after)', 'placeOf(before) <= placeOf(after)'],
    ],
  },
  {
    file: 'src/strategies/shards/dpor-cell.ts',
    reason: 'a shortcut: where all of them conflict, the relation has them in the order in which they ran',
    changes: [
      ['before.index < 0 || after.index < 0 || conflict(steps[before.index] as Step, steps[after.index] as Step)', 'false'],
      ['!isPlain', 'true'],
      ['{\n      return before.index < 0 || after.index < 0 || conflict(steps[before.index] as Step, steps[after.index] as Step)\n    }', '{}'],
    ],
  },
  {
    file: 'src/strategies/shards/dpor-cell.ts',
    reason: 'who declares accesses declares one; what is watched is set when an execution begins; the places of those that have run are given, and no other is asked for; whether an execution belongs is said when it has ended',
    changes: [
      ['-1', '+1'],
      ['false', 'true', 'belongs = false'],
      ['accesses.some((a) => a.object === touch.object)', 'accesses.every(a => a.object === touch.object)'],
      ['() => -1', '() => undefined'],
    ],
  },
  {
    file: 'src/strategies/shards/dpor-cells.ts',
    reason: 'a part of a share: what is shown is the name of the whole; whether an execution counts is said when it has ended, and none is spent; it is asked of a search that has begun, which begins anew whatever number it is told if it is new',
    changes: [
      ["'dpor'", '""'],
      ['{ number: undefined, counts: false, spent: false }', '{}'],
      ['false', 'true', 'readonly share = { number: undefined, counts: false, spent: false }'],
      ['this.#search?.tracker', 'this.#search.tracker'],
      ['this.#search?.again', 'this.#search.again'],
      ['this.#search?.end', 'this.#search.end'],
      ['++this.#executions', '--this.#executions'],
    ],
  },
]
