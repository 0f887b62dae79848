import { spawnSync } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { afterEach, expect, test, vi } from 'vitest'
import { check, pause } from '../../src/index.ts'
import { nodeHost } from '../../src/world/node.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))

afterEach(() => {
  vi.restoreAllMocks()
})

test('a world that cannot be opened leaves the globals as they were, and the next one is none the worse', async () => {
  const before = { setTimeout, Date, random: Math.random, listeners: process.listeners('unhandledRejection').length }
  vi.spyOn(nodeHost, 'startWatchdog').mockImplementation(() => {
    throw new Error('no thread')
  })
  await expect(check(async () => {})).rejects.toThrow('no thread')
  expect({ setTimeout, Date, random: Math.random, listeners: process.listeners('unhandledRejection').length }).toEqual(before)
  expect(setTimeout).toBe(before.setTimeout)
  vi.restoreAllMocks()
  const report = await check(async () => {
    await Promise.all([pause(), pause()])
  })
  expect(report).toMatchObject({ exhausted: true, failures: 0 })
})

test('where the host allows no thread, it explores without a watchdog', () => {
  const program = `
    import { check, pause } from ${JSON.stringify(`${root}dist/index.js`)}
    const report = await check(async () => { await Promise.all([pause(), pause()]) })
    console.log(report.exhausted, report.schedules)`
  const permission = process.allowedNodeEnvironmentFlags.has('--permission') ? '--permission' : '--experimental-permission'
  const args = [permission, '--allow-fs-read=*', '--no-warnings', '--input-type=module', '--eval', program]
  const { stdout, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8' })
  expect([stdout, stderr]).toEqual(['true 2\n', ''])
})
