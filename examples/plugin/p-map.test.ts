import { pMapIterable as fixed } from 'p-map-7.0.4'
import { pMapIterable as buggy } from 'p-map-7.0.3'
import { expect, test } from 'vitest'
import { foundOnlyIn } from './found.ts'

test('pMapIterable maps no more elements at once than it was told', async () => {
  const scenario = (pMapIterable: typeof fixed) => async () => {
    let running = 0
    let most = 0
    const resize = async (image: string) => {
      most = Math.max(most, ++running)
      await save(image)
      running--
      return image
    }
    const save = async (_image: string) => {}
    async function* images() {
      yield* ['a', 'b', 'c', 'd']
    }
    for await (const image of pMapIterable(images(), resize, { concurrency: 2, backpressure: 4 })) expect(image).toMatch(/[abcd]/)
    expect(most).toBeLessThanOrEqual(2)
  }
  const { failure } = await foundOnlyIn(scenario(buggy as typeof fixed), scenario(fixed), 'p-map: concurrency')
  expect(failure?.kind).toBe('error')
})
