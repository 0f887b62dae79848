import { describe, expect, test } from 'vitest'
import { callerIn, siteIn } from '../../src/explore/code-site.ts'

const OWN = new URL('../../src/', import.meta.url)

describe('a line of a stack', () => {
  test.each([
    ['    at save (/app/save.ts:3:7)', { file: '/app/save.ts', line: 3, column: 7, function: 'save' }],
    ['    at /app/save.ts:3:7', { file: '/app/save.ts', line: 3, column: 7 }],
    ['    at async save (file:///app/my%20save.ts:3:7)', { file: '/app/my save.ts', line: 3, column: 7, function: 'save' }],
    ['    at new Store (/app/s.ts:1:2)', { file: '/app/s.ts', line: 1, column: 2, function: 'Store' }],
    ['    at Object.save (/app/s.ts:1:2)', { file: '/app/s.ts', line: 1, column: 2, function: 'save' }],
    ['    at Store.save [as put] (/app/s.ts:1:2)', { file: '/app/s.ts', line: 1, column: 2, function: 'Store.save' }],
    ['    at Object.load [as admin] twice (/app/s.ts:1:2)', { file: '/app/s.ts', line: 1, column: 2, function: 'load [as admin] twice' }],
    ['    at work.next (/app/s.ts:1:2)', { file: '/app/s.ts', line: 1, column: 2, function: 'work' }],
    ['    at Object.<anonymous> (/app/s.ts:1:2)', { file: '/app/s.ts', line: 1, column: 2 }],
    ['    at save (C:\\app\\s.ts:1:2)', { file: 'C:\\app\\s.ts', line: 1, column: 2, function: 'save' }],
    ['    at save (file:///C:/app/s.ts:1:2)', { file: 'C:/app/s.ts', line: 1, column: 2, function: 'save' }],
    ['    at eval (eval at save (/app/s.ts:1:2), <anonymous>:3:4)', { file: '/app/s.ts', line: 1, column: 2, function: 'save' }],
    ['    at save (/app/(group)/s.ts:1:2)', { file: '/app/(group)/s.ts', line: 1, column: 2, function: 'save' }],
    ['save@https://host/s.js:10:20', { file: 'https://host/s.js', line: 10, column: 20, function: 'save' }],
    ['@/app/s.js:10:20', { file: '/app/s.js', line: 10, column: 20 }],
  ])('%s', (line, place) => {
    expect(siteIn(`Error: at the door\n${line}`)).toEqual(place)
  })

  test('of the library, of the plugin’s helpers, of the host, or of none is passed over', () => {
    const stack = ['Error', `    at own (${OWN.href}loop/loop.ts:1:1)`, `    at own (${OWN.pathname}loop/loop.ts:1:1)`, '    at __heddle_read (/app/a.ts:9:9)', '    at node:internal/timers:1:1', '    at <anonymous>', '    at user (/app/a.ts:2:3)', '    at other (/app/b.ts:4:5)']
    expect(siteIn(stack.join('\n'))).toEqual({ file: '/app/a.ts', line: 2, column: 3, function: 'user' })
    expect(siteIn(stack.slice(0, 3).join('\n'))).toBeUndefined()
    expect(siteIn('')).toBeUndefined()
  })

  test('that a message has in it is none', () => {
    const message = 'Error: no such file, at load (/app/load.ts:9:9)\nlooked for at /app/x.ts:1:1'
    expect(siteIn(`${message}\n    at user (/app/a.ts:2:3)`)).toEqual({ file: '/app/a.ts', line: 2, column: 3, function: 'user' })
    expect(siteIn(message)).toBeUndefined()
  })

  test('who made a promise: the first line that is neither the library’s nor of the host’s hooks', () => {
    const hooks = '    at emitInit (node:internal/async_hooks:1:1)'
    const own = `    at own (${OWN.pathname}world/track.ts:1:1)`
    expect(callerIn(`Error\n${hooks}\n${own}\n    at user (/app/a.ts:2:3)\n    at main (/app/b.ts:1:1)`)).toBe('    at user (/app/a.ts:2:3)')
    expect(callerIn(`Error\n${hooks}\n    at fetch (node:internal/deps/undici:1:1)`)).toBe('    at fetch (node:internal/deps/undici:1:1)')
    expect(callerIn(`Error\n${own}`)).toBeUndefined()
  })
})
