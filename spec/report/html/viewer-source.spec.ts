import { expect, test } from 'vitest'
import { hashOf, viewerSource } from '../../support/viewer.ts'
import { SCRIPT, SCRIPT_HASH, STYLE, STYLE_HASH } from '../../../src/report/html/viewer-source.ts'

// `npm run viewer` writes the file anew: this snapshot is how it is made.
test('the embedded viewer is what its sources give (else: npm run viewer)', async () => {
  await expect(await viewerSource()).toMatchFileSnapshot('../../../src/report/html/viewer-source.ts')
})

test('neither script nor style can end its element, and the policy\'s hashes are theirs', () => {
  expect(SCRIPT).not.toMatch(/<\/script|<!--/i)
  expect(STYLE).not.toMatch(/<\/style/i)
  expect([SCRIPT_HASH, STYLE_HASH]).toEqual([hashOf(SCRIPT), hashOf(STYLE)])
})
