import { spawnSync } from 'node:child_process'
import { expect, test } from 'vitest'

test('with frozen intrinsics an exploration says what can\'t be replaced, and goes on without it', () => {
  const program = `
    import { check, pause } from ${JSON.stringify(new URL('../../dist/index.js', import.meta.url).href)}
    const body = async () => {
      let n = 0
      const increment = async () => {
        const seen = n
        await new Promise((resolve) => setTimeout(resolve, 1))
        await pause()
        n = seen + 1
      }
      await Promise.all([increment(), increment()])
      if (n !== 2) throw new Error('lost')
    }
    const { setTimeout: host, Date: HostDate } = globalThis
    const refused = await check(body).catch((error) => error)
    console.log(refused.name, refused.message)
    const { failure } = await check(body, { globals: { clock: false } })
    console.log(failure.kind, failure.error.message, globalThis.setTimeout === host && globalThis.Date === HostDate)`
  const { stdout } = spawnSync(process.execPath, ['--frozen-intrinsics', '--input-type=module', '--eval', program], { encoding: 'utf8' })
  expect(stdout.trim().split('\n')).toEqual([
    expect.stringMatching(/^RuntimeError Date and Intl can't be put on virtual time here \(.*read only.*\): explore with `globals: { clock: false }`$/),
    'error lost true',
  ])
})
