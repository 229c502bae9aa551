import { expect, test } from 'vitest'
import { cutTextToBytes } from './finish-worker-turn.js'

test.each([
  ['short', 20, 'short'],
  ['x'.repeat(30), 20, `${'x'.repeat(10)}\n… (cut)`],
  ['é'.repeat(30), 21, `${'é'.repeat(5)}\n… (cut)`],
])('%s within %d bytes', (text, longest, cut) => {
  expect(cutTextToBytes(text, longest)).toBe(cut)
  expect(Buffer.byteLength(cut)).toBeLessThanOrEqual(longest)
})
