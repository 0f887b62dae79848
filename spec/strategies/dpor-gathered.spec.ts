import { expect, test } from 'vitest'
import { Gathered } from '../../src/strategies/dpor/gathered.ts'
import { joinOf, Step } from '../../src/strategies/dpor/step.ts'
import { F, G, H, X } from './by-hand.ts'

/** What a step has given to gather, and whether it waits for that when it awaits a future. */

const step = (): Step => new Step().reset(1, 1)

/** Anything that a step can do, beside waiting. */
const DEEDS: ((s: Step) => void)[] = [
  (s) => void s.touches++,
  (s) => void s.effects++,
  (s) => void (s.picks = [0]),
  (s) => void (s.settles = [...s.settles, X]),
]

test('what is gathered is awaited with what gathers it, once', () => {
  const s = step()
  const gathered = new Gathered()
  const [one, other] = [joinOf(F, s), joinOf(H, s)]
  gathered.add(one, G, s)
  gathered.add(other, G, s)
  expect(gathered.awaited(G, s)).toEqual([one, other])
  expect(gathered.awaited(G, s)).toEqual([])
})

test('nothing is where nothing has been gathered, where something else is awaited first, or by a step that begins later', () => {
  const s = step()
  const gathered = new Gathered()
  expect(gathered.awaited(G, s)).toEqual([])
  gathered.add(joinOf(F, s), G, s)
  expect(gathered.awaited(X, s)).toEqual([])
  expect(gathered.awaited(G, s)).toEqual([])
  gathered.add(joinOf(F, s), G, s)
  gathered.forget()
  expect(gathered.awaited(G, s)).toEqual([])
})

test('what the step does in between, be it one thing or several, lets others come in between; that it ends what gathers does not', () => {
  const awaited = (does: readonly ((s: Step) => void)[]): number => {
    const s = step()
    const gathered = new Gathered()
    gathered.add(joinOf(F, s), G, s)
    for (const deed of does) deed(s)
    return gathered.awaited(G, s).length
  }
  for (let which = 1; which < 2 ** DEEDS.length; which++) expect([which, awaited(DEEDS.filter((_, k) => (which >> k) % 2 === 1))]).toEqual([which, 0])
  expect([awaited([]), awaited([(s) => void (s.settles = [G])])]).toEqual([1, 1])
})

test('only what was given last counts: not what was given before the step did something else, nor what something else gathers', () => {
  for (const [k, deed] of DEEDS.entries()) {
    const s = step()
    const gathered = new Gathered()
    gathered.add(joinOf(F, s), G, s)
    deed(s)
    gathered.add(joinOf(H, s), G, s)
    expect([k, gathered.awaited(G, s).map((j) => j.object)]).toEqual([k, [H]])
  }
  const s = step()
  const gathered = new Gathered()
  gathered.add(joinOf(F, s), X, s)
  gathered.add(joinOf(H, s), G, s)
  expect(gathered.awaited(G, s).map((j) => j.object)).toEqual([H])
})
