import { describe, expect, it } from 'vitest'
import { createLineSplitter } from './line-splitter.js'

/** The lines of some chunks; `!` stands for an oversized one. */
function linesOf(chunks: readonly (string | Buffer)[], maxLineBytes = 1_000): string[] {
  const told: string[] = []
  const splitter = createLineSplitter({
    maxLineBytes,
    onLine: (line) => told.push(line),
    onOversizedLine: () => told.push('!'),
  })
  for (const chunk of chunks) splitter.push(Buffer.from(chunk))
  splitter.end()
  return told
}

describe('line splitter', () => {
  it.each([
    ['several lines in one chunk', ['a\nb\n'], ['a', 'b']],
    ['one line in several chunks', ['a', 'b', 'c\n'], ['abc']],
    ['a line end at the start of a chunk', ['a', '\nb\n'], ['a', 'b']],
    ['CRLF', ['a\r\nb\r\n'], ['a', 'b']],
    ['CRLF cut in two', ['a\r', '\nb\n'], ['a', 'b']],
    ['a CR inside a line', ['a\rb\n'], ['a\rb']],
    ['empty lines', ['\n\r\na\n'], ['', '', 'a']],
    ['half a last line', ['a\nb'], ['a', 'b']],
    ['nothing after the last line end', ['a\n'], ['a']],
    ['nothing at all', [], []],
  ])('%s', (_name, chunks, lines) => {
    expect(linesOf(chunks)).toEqual(lines)
  })

  it('keeps characters whole wherever they are cut', () => {
    const bytes = Buffer.from('héllo 🦊 日本\nça va\n')
    for (let cut = 1; cut < bytes.length; cut += 1) {
      expect(linesOf([bytes.subarray(0, cut), bytes.subarray(cut)])).toEqual(['héllo 🦊 日本', 'ça va'])
    }
    expect(linesOf(Array.from(bytes, (byte) => Buffer.of(byte)))).toEqual(['héllo 🦊 日本', 'ça va'])
  })

  it.each([
    ['exactly the limit', ['12345\n'], ['12345']],
    ['one byte over it', ['123456\nok\n'], ['!', 'ok']],
    ['over it in many chunks, told once', ['123', '456', '789', '0', '\nok\n'], ['!', 'ok']],
    ['over it twice', ['1234567\n1234567\n'], ['!', '!']],
    ['over it and never ended', ['1234567'], ['!']],
  ])('a line of %s', (_name, chunks, lines) => {
    expect(linesOf(chunks, 5)).toEqual(lines)
  })

  it('tells of an oversized line before its end', () => {
    let told = 0
    const splitter = createLineSplitter({
      maxLineBytes: 5,
      onLine: () => undefined,
      onOversizedLine: () => (told += 1),
    })
    splitter.push(Buffer.from('123456'))
    expect(told).toBe(1)
  })
})
