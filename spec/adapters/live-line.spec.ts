import { describe, expect, test } from 'vitest'
import { LiveLine } from '../../src/adapters/live-line.ts'
import { screenOf } from '../support/terminal.ts'

/** Two outputs of one process that show on the same terminal. */
function terminal() {
  const shared = { text: '' }
  class Stream {
    write(text: string | Uint8Array): boolean {
      shared.text += typeof text === 'string' ? text : new TextDecoder().decode(text)
      return true
    }
  }
  const [out, other] = [new Stream(), new Stream()] as unknown as [NodeJS.WriteStream, NodeJS.WriteStream]
  return { out, other, screen: () => screenOf(shared.text) }
}

describe('a live line', () => {
  test('is written over, and goes away', () => {
    const { out, other, screen } = terminal()
    const line = new LiveLine(out, [other])
    line.show('a long line')
    line.show('short')
    expect(screen()).toEqual(['short'])
    line.end()
    expect(screen()).toEqual([''])
  })

  test('makes room for what others write, and stays below it', () => {
    const { out, other, screen } = terminal()
    const line = new LiveLine(out, [other])
    line.show('how far')
    expect(other.write('passed: one\n')).toBe(true)
    expect(screen()).toEqual(['passed: one', ''])
    line.show('how far now')
    out.write(new TextEncoder().encode('passed: two\n'))
    line.show('farther')
    expect(screen()).toEqual(['passed: one', 'passed: two', 'farther'])
    line.end()
    expect(screen()).toEqual(['passed: one', 'passed: two', ''])
  })

  test('waits where others have left a line unfinished', () => {
    const { out, other, screen } = terminal()
    const line = new LiveLine(out, [other])
    line.show('how far')
    other.write('...')
    line.show('how far')
    expect(screen()).toEqual(['...'])
    other.write('')
    line.show('how far')
    expect(screen()).toEqual(['...'])
    other.write('.\n')
    line.show('how far')
    expect(screen()).toEqual(['....', 'how far'])
    other.write(new Uint8Array([46]))
    line.show('how far')
    expect(screen()).toEqual(['....', '.'])
  })

  test('gives the outputs back; while it has them nobody else should write lines over', () => {
    const { out, other } = terminal()
    const { write } = out
    expect(LiveLine.isFree([out, other])).toBe(true)
    const line = new LiveLine(out, [other])
    expect(LiveLine.isFree([out])).toBe(false)
    expect(LiveLine.isFree([other])).toBe(false)
    line.end()
    expect(LiveLine.isFree([out, other])).toBe(true)
    expect(out.write).toBe(write)
  })
})
