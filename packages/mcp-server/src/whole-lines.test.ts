import { text } from 'node:stream/consumers'
import { expect, test } from 'vitest'
import { wholeLines } from './whole-lines.js'

async function pass(chunks: readonly string[], limit: number): Promise<{ passed: string; problems: number }> {
  let problems = 0
  const transform = wholeLines(() => (problems += 1), limit)
  for (const chunk of chunks) transform.write(chunk)
  transform.end()
  return { passed: await text(transform), problems }
}

test.each([
  ['one line in pieces', ['ab', 'c\n'], 'abc\n'],
  ['lines and a rest in one chunk', ['a\nb\nc', '\n'], 'a\nb\nc\n'],
  ['nothing of an unfinished line', ['a\nhalf'], 'a\n'],
])('passes %s', async (_name, chunks, passed) => {
  expect(await pass(chunks, 100)).toEqual({ passed, problems: 0 })
})

test('leaves out a line that is too long and goes on with the next', async () => {
  expect(await pass(['123456', '789\nok\n', '1234567890\n'], 5)).toEqual({ passed: 'ok\n', problems: 2 })
})
