import * as fc from 'fast-check'
import { expect, test, vi } from 'vitest'
import { fastCheckSuite } from './fast-check-suite.ts'

vi.mock('fast-check', () => import('fast-check-3'))

test('this is fast-check 3', () => expect(fc.__version).toMatch(/^3\./))
fastCheckSuite([1])
