import { expect, test } from 'vitest'
import { createByteLineSplitter } from './byte-line-splitter.js'

function split(chunks: readonly (string | Buffer)[], limit: number) {
  const lines: string[] = []
  const tooLong: { size: number; ids: (string | undefined)[] }[] = []
  const rules = {
    onLine: (line: Buffer) => lines.push(line.toString()),
    onTooLong: ({ size, heads }: { size: number; heads: readonly { id?: string }[] }) =>
      tooLong.push({ size, ids: heads.map(({ id }) => id) }),
  }
  const splitter = createByteLineSplitter(rules, limit)
  for (const chunk of chunks) splitter.take(Buffer.from(chunk))
  return { lines, tooLong, isInLine: splitter.isInLine() }
}

test.each([
  ['one line in pieces', ['ab', 'c\n'], ['abc'], false],
  ['lines and a rest in one chunk', ['a\nb\nc', '\n'], ['a', 'b', 'c'], false],
  ['nothing of an unfinished line', ['a\nhalf'], ['a'], true],
  ['empty lines', ['\n\r\n'], ['', '\r'], false],
])('yields %s', (_name, chunks, lines, isInLine) => {
  expect(split(chunks, 100)).toEqual({ lines, tooLong: [], isInLine })
})

test('skips a line that is too long, reports its ids, and continues with the next', () => {
  const request = '{"jsonrpc":"2.0","method":"x","params":{"id":9},"id":"late"}'
  expect(split(['123456', `789\nok\n${request.slice(0, 20)}`, `${request.slice(20)}\nok\n`], 5)).toEqual({
    lines: ['ok', 'ok'],
    tooLong: [
      { size: 9, ids: [] },
      { size: request.length, ids: ['"late"'] },
    ],
    isInLine: false,
  })
})

test('yields a long line that arrived byte by byte', () => {
  const text = 'x'.repeat(5_000)
  expect(split([...Array<string>(5_000).fill('x'), '\n'], 10_000).lines).toEqual([text])
})

test('yields a line that is long enough to be scanned, and the next', () => {
  const text = `{"id":1,"x":"${'y'.repeat(3_000_000)}"}`
  const pieces = text.match(/[^]{1,65536}/g) ?? []
  expect(split([...pieces, '\nz\n'], 4_000_000).lines).toEqual([text, 'z'])
})
