import { expect, test } from 'vitest'
import { readAnswerOrder, readListOrder, readLogOrder } from './permissions-order.js'

const allow = (words: readonly string[]): object => readAnswerOrder('allow', words)

test('the words', () => {
  expect(readListOrder([])).toEqual({ watch: false, json: false })
  expect(readListOrder(['--watch', '--json'])).toEqual({ watch: true, json: true })
  expect(allow(['a1'])).toEqual({ decision: 'allow', word: 'a1', json: false })
  expect(readAnswerOrder('deny', ['a1', 'r', '--reason', 'not that', '--json'])).toEqual({
    decision: 'deny',
    word: 'a1',
    requestId: 'r',
    reason: 'not that',
    json: true,
  })
  expect(readLogOrder([])).toEqual({ limit: 100, json: false })
  expect(readLogOrder(['--agent', 'a1', '--limit=1000', '--json'])).toEqual({
    agent: 'a1',
    limit: 1_000,
    json: true,
  })
})

const wrong: [read: (words: readonly string[]) => object, words: string[], says: string][] = [
  [readListOrder, ['maybe'], "there is a 'maybe' too many"],
  [readListOrder, ['--project', '/p'], '--project'],
  [allow, [], 'there is no agent'],
  [allow, ['a1', 'r', 's'], "there is a 's' too many"],
  [allow, ['a1', ''], 'the request is empty'],
  [readLogOrder, ['a1'], "there is a 'a1' too many"],
  [readLogOrder, ['--agent', ''], '--agent is empty'],
  [readLogOrder, ['--limit', '0'], '--limit takes a number from 1 to 1000'],
  [readLogOrder, ['--limit', '1001'], "not '1001'"],
  [readLogOrder, ['--limit', '1e2'], "not '1e2'"],
]
test.each(wrong)('%s: %j is refused', (read, words, says) => {
  expect(() => read(words)).toThrow(expect.objectContaining({ code: 'unknown-parameter' }))
  expect(() => read(words)).toThrow(says)
})
