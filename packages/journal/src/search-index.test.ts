import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import type { TextPassage } from './passages.js'
import { openSearchIndex, type SearchIndex } from './search-index.js'
import { openSqliteStore } from './sqlite-store.js'

function openIndex(path?: string): SearchIndex {
  const index = openSearchIndex(path)
  onTestFinished(index.close)
  return index
}

function temporaryFile(): string {
  const folder = mkdtempSync(join(tmpdir(), 'search-'))
  onTestFinished(() => {
    rmSync(folder, { recursive: true })
  })
  return join(folder, 'search.db')
}

function passage(seq: number, text: string, change: Partial<TextPassage> = {}): TextPassage {
  return { at: 1_000 + seq, kind: 'answer', seq, source: 'a1', text, ...change }
}

const agents = [
  { id: 'a1', name: 'fixer', project: '/p' },
  { id: 'a2', project: '/q' },
]

function fill(index: SearchIndex, ...passages: TextPassage[]): void {
  const after = index.readUpTo('facts', '')
  index.add({ source: 'facts', after, upTo: after + passages.length, passages, agents })
}

function texts(index: SearchIndex, words: string[], where: object = {}): string[] {
  const query = { words: words.map((text) => ({ text, isPrefix: false })), limit: 10, ...where }
  return index.find(query).map(({ excerpt }) => excerpt)
}

test('the newest passages with all words come first, whatever order they were added in', () => {
  const index = openIndex()
  fill(index, passage(3, 'the login test is flaky'), passage(1, 'a flaky login'), passage(2, 'a login'))
  expect(texts(index, ['login', 'FLAKY'])).toEqual(['the login test is flaky', 'a flaky login'])
  expect(texts(index, ['flaky login'])).toEqual(['a flaky login'])
  expect(index.find({ words: [{ text: 'log', isPrefix: true }], limit: 1 })).toEqual([
    {
      ...{ at: 1_003, kind: 'answer', seq: 3, source: 'a1', name: 'fixer', project: '/p' },
      excerpt: 'the login test is flaky',
      matches: [[4, 9]],
    },
  ])
})

test('passages of one moment are all kept', () => {
  const index = openIndex()
  const many = Array.from({ length: 3_000 }, (_, seq) => passage(seq, 'same', { at: 1_000 }))
  fill(index, ...many.slice(0, 1_500))
  fill(index, ...many.slice(1_500), passage(9_999, 'same', { at: 1_001 }))
  expect(texts(index, ['same'], { limit: 5_000 })).toHaveLength(3_001)
})

test('an agent, a project and a time limit what is found', () => {
  const index = openIndex()
  fill(index, passage(1, 'one word'), passage(2, 'two word', { source: 'a2' }), passage(3, 'three word'))
  expect(texts(index, ['word'], { agent: 'a2' })).toEqual(['two word'])
  expect(texts(index, ['word'], { project: '/p' })).toEqual(['three word', 'one word'])
  expect(texts(index, ['word'], { project: '/' })).toEqual([])
  expect(texts(index, ['word'], { since: 1_002 })).toEqual(['three word', 'two word'])
})

test.each(['"', 'a"b', 'NEAR(', 'text:', '-', '*', 'a OR b', '^a', "';--", 'ünïcode', '日本語', '{a b}:'])(
  '%s is only searched for',
  (word) => {
    const index = openIndex()
    fill(index, passage(1, `before ${word} after`))
    expect(() => texts(index, ['before', word])).not.toThrow()
    expect(texts(index, ['before', `x${word}`])).toEqual([])
  },
)

test('what was added once is not added again, and deleted agents are gone', () => {
  const index = openIndex()
  const batch = { source: 'facts', after: 0, upTo: 2, agents } as const
  expect(index.readUpTo('facts', '')).toBe(0)
  index.add({ ...batch, passages: [passage(1, 'word'), passage(2, 'word', { source: 'a2' })] })
  index.add({ ...batch, passages: [passage(1, 'word')] })
  expect(index.readUpTo('facts', '')).toBe(2)
  expect(texts(index, ['word'])).toHaveLength(2)
  index.forget(['a1'])
  expect([texts(index, ['word']), index.agents()]).toEqual([['word'], ['a2']])
  index.clear()
  expect([texts(index, ['word']), index.readUpTo('facts', '')]).toEqual([[], 0])
})

test('messages of another mailbox, and deleted ones, are gone', () => {
  const index = openIndex()
  fill(index, passage(1, 'word of an agent'))
  const mail = (seq: number) => passage(seq, `word ${seq}`, { kind: 'mail', source: 't1' })
  expect(index.readUpTo('mail', 'here')).toBe(0)
  index.add({ source: 'mail', after: 0, upTo: 2, passages: [mail(1), mail(2)], agents: [] })
  index.forgetMail(2)
  expect(texts(index, ['word'])).toEqual(['word 2', 'word of an agent'])
  expect(index.readUpTo('mail', 'there')).toBe(0)
  expect(texts(index, ['word'])).toEqual(['word of an agent'])
})

test('a file is kept; a damaged one, and one of another format, is made anew', () => {
  const path = temporaryFile()
  const first = openSearchIndex(path)
  fill(first, passage(1, 'word'))
  first.close()
  const again = openSearchIndex(path)
  expect(texts(again, ['word'])).toEqual(['word'])
  again.close()
  const store = openSqliteStore(path)
  store.write(() => {
    store.execute('PRAGMA user_version = 99')
  })
  store.close()
  const newer = openSearchIndex(path)
  expect(texts(newer, ['word'])).toEqual([])
  newer.close()
  writeFileSync(path, 'no database at all, but a text that is long enough to be taken for one. '.repeat(100))
  expect(texts(openIndex(path), ['word'])).toEqual([])
})
