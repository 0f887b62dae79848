import { expect, test } from 'vitest'
import { Outside } from '../../src/world/escapes.ts'
import type { Host, Started } from '../../src/world/host.ts'

const USER = '    at Client.send (/home/ann/app/client.ts:7:5)'
const RUNNERS = [
  '    at post (file:///home/ann/app/node_modules/vitest/dist/chunks/init-forks.js:16:16)',
  '    at send (C:\\app\\node_modules\\jest-worker\\build\\index.js:3:9)',
  '    at write (/home/ann/app/node_modules/mocha/lib/reporters/base.js:4:1)',
]

/** A host in which one write is under way, begun by these lines. */
function writing(...lines: string[]): Outside {
  const active: string[] = []
  const started: Started = { id: 1, type: 'WRITEWRAP', stack: ['Error', ...lines, '    at node:internal/process:1:1'].join('\n') }
  const host: Pick<Host, 'activeResources' | 'watchStarts'> = {
    activeResources: () => [...active],
    watchStarts(note) {
      active.push('WriteWrap')
      note(started)
      return () => {}
    },
  }
  const outside = new Outside(host as Host)
  outside.watch()
  return outside
}

test.each(RUNNERS)('what a test runner writes meanwhile is no escape: %s', (line) => {
  expect(writing(line).unfinished()).toBeNull()
  expect(writing(line).escaped()).toBeNull()
})

test('what the program writes is one, whoever runs it', () => {
  expect(writing(USER).unfinished()?.message).toContain('client.ts:7:5')
  expect(writing(USER).escaped()?.message).toContain('client.ts:7:5')
  expect(writing(...RUNNERS, USER).escaped()?.message).toContain('client.ts:7:5')
})
