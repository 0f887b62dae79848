import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { fastCheckSuite } from './fast-check-suite.ts'

test('this is fast-check 4', () => expect(fc.__version).toMatch(/^4\./))
fastCheckSuite([1, 2, 3, 4])
