import { expect, test } from 'vitest'
import { noWord, onlyWord, readSpan, readWords } from './read-words.js'

const flags = {
  json: { type: 'boolean' },
  follow: { type: 'boolean', short: 'f' },
  name: { type: 'string' },
} as const
const read = (...words: string[]): unknown => readWords(words, flags, 'x <id>')

test('flags and words, in any order', () => {
  expect(read('a', '-f', '--name=b', 'c', '--', '--json')).toEqual({
    values: { follow: true, name: 'b' },
    positionals: ['a', 'c', '--json'],
  })
  expect(read('-')).toMatchObject({ positionals: ['-'] })
})

const wrong: [words: string[], says: string][] = [
  [['--jsn'], "Unknown option '--jsn'"],
  [['-x'], "Unknown option '-x'"],
  [['--name'], "Option '--name <value>' argument missing"],
  [['--name', '-5'], "Option '--name' argument is ambiguous"],
  [['--json=yes'], "Option '--json' does not take an argument"],
]
test.each(wrong)('%j is refused', (words, says) => {
  expect(() => read(...words)).toThrow(
    expect.objectContaining({ code: 'unknown-parameter', message: says, hint: 'x <id>' }),
  )
})

test('too many words, and too few', () => {
  expect(onlyWord(['a'], 'id', 'x')).toBe('a')
  expect(() => onlyWord([], 'id', 'x')).toThrow('there is no id')
  expect(() => onlyWord(['a', 'b'], 'id', 'x')).toThrow("there is a 'b' too many")
  expect(() => {
    noWord(['a'], 'x')
  }).toThrow("there is a 'a' too many")
})

const spans: [text: string, seconds: number][] = [
  ['90', 90],
  ['0.5s', 0.5],
  ['15m', 900],
  ['12h', 43_200],
  ['7d', 604_800],
]
test.each(spans)('%s', (text, seconds) => {
  expect(readSpan(text, '--timeout', 'x')).toBe(seconds)
})

test.each(['', 'soon', '-1', '1w', '1e3', '1 h'])('%j is no time', (text) => {
  expect(() => readSpan(text, '--timeout', 'x')).toThrow('--timeout takes a time')
})
