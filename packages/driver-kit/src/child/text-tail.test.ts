import { expect, it } from 'vitest'
import { createTextTail } from './child.js'

function tailOf(chunks: readonly (string | Buffer)[], maxBytes = 10): string {
  const tail = createTextTail(maxBytes)
  for (const chunk of chunks) tail.push(Buffer.from(chunk))
  return tail.text()
}

it.each([
  ['nothing', [], ''],
  ['all while it fits', ['one\n', 'two\n'], 'one\ntwo\n'],
  ['the last whole lines', ['one\ntwo\nthree\n'], 'three\n'],
  ['the last whole lines of many chunks', ['one\n', 'two\n', 'three\n', 'four\n'], 'four\n'],
  ['what there is of one long line', ['1234567890abc'], '4567890abc'],
])('keeps %s', (_name, chunks, text) => {
  expect(tailOf(chunks)).toBe(text)
})

it('keeps characters whole', () => {
  const bytes = Buffer.from('日本語\n日本語\n')
  expect(tailOf([bytes.subarray(0, 4), bytes.subarray(4)], 14)).toBe('日本語\n')
})
