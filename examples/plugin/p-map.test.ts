import { pMapIterable as fixed } from 'p-map-7.0.4'
import { pMapIterable as buggy } from 'p-map-7.0.3'
import { check } from 'heddle'
import { expect, test } from 'vitest'
import { foundOnlyIn } from './found.ts'

type Images = Iterable<string> | AsyncIterable<string>

/** Maps images, and looks at how many at once. */
const scenario = (pMapIterable: typeof fixed, images: Images, concurrency: number, backpressure: number) => {
  const save = async (_image: string) => {}
  return async () => {
    let running = 0
    let most = 0
    const resize = async (image: string) => {
      most = Math.max(most, ++running)
      await save(image)
      running--
      return image
    }
    for await (const image of pMapIterable(images, resize, { concurrency, backpressure })) expect(image).toMatch(/[abcd]/)
    expect(most).toBeLessThanOrEqual(concurrency)
  }
}

test('pMapIterable maps no more elements at once than it was told', async () => {
  const images = { async *[Symbol.asyncIterator]() { yield* ['a', 'b', 'c', 'd'] } }
  const { failure } = await foundOnlyIn(
    scenario(buggy as typeof fixed, images, 2, 4), scenario(fixed, images, 2, 4), 'p-map: concurrency',
  )
  expect(failure?.kind).toBe('error')
})

test('of three elements one after the other every order is run: a proof', async () => {
  const images = ['a', 'b', 'c']
  expect((await check(scenario(buggy as typeof fixed, images, 1, 2))).failure?.kind).toBe('error')
  const all = await check(scenario(fixed, images, 1, 2), { strategy: 'exhaustive', schedules: 50_000 })
  expect(all).toMatchObject({ failures: 0, exhausted: true })
})
