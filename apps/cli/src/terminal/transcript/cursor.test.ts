import { describe, expect, test } from 'vitest'
import { paintNothing } from '../paint.js'
import {
  initialTranscriptCursor,
  endUnfinishedLines,
  layOutTranscriptEntry,
  type TranscriptOutput,
} from './cursor.js'
import type { TranscriptEntry } from './entry.js'

const note = (text: string): TranscriptEntry => ({ type: 'note', at: 0, text, tone: 'dim' })
const part = (text: string): TranscriptEntry => ({ type: 'said-part', text })
const said = (text: string): TranscriptEntry => ({ type: 'said', text })
const call = (callId: string): TranscriptEntry => ({
  type: 'call-started',
  at: 0,
  callId,
  call: `Bash ${callId}`,
})
const ended = (callId: string, problem?: string): TranscriptEntry => ({
  type: 'call-ended',
  at: 0,
  callId,
  tool: 'Bash',
  ...(problem !== undefined && { problem }),
})

function write(passages: readonly TranscriptEntry[], together = true, foldTo?: number): TranscriptOutput[] {
  const style = { paint: paintNothing, stamp: () => '12:00  ', together, foldTo }
  let pen = initialTranscriptCursor
  const all: TranscriptOutput[] = []
  for (const passage of passages) {
    const [next, ...pieces] = layOutTranscriptEntry(pen, passage, style)
    pen = next
    all.push(...pieces)
  }
  const [, ...last] = endUnfinishedLines(pen)
  return [...all, ...last]
}
const join = (pieces: readonly TranscriptOutput[]): string => pieces.map(({ text }) => text).join('')

describe('on one screen', () => {
  const rows: [name: string, passages: TranscriptEntry[], shown: string][] = [
    ['a message', [said('Hello.')], 'Hello.\n'],
    ['a note of two lines', [note('> a\nb\n')], '12:00  > a\n       b\n'],
    ['a message that was streamed', [part('Hel'), part('lo.'), said('Hello.')], 'Hello.\n'],
    ['one whose end is new', [part('Hel'), said('Hello.')], 'Hello.\n'],
    ['one that was streamed with blanks around', [part('\nHello.\n'), said('Hello.')], '\nHello.\n'],
    ['one whose beginning was missed', [part('lo.'), said('Hello.')], 'lo.\nHello.\n'],
    [
      'one after one that was cut off',
      [part('Never'), note('ended'), part('Hi.'), said('Hi.')],
      'Never\n12:00  ended\nHi.\n',
    ],
    ['two messages', [part('a'), said('a'), said('b')], 'a\nb\n'],
    [
      'a note amid a message',
      [part('Hel'), note('retry'), part('lo.'), said('Hello.')],
      'Hel\n12:00  retry\nlo.\n',
    ],
    ['a call', [call('1'), ended('1')], '12:00  Bash 1 → ok\n'],
    ['a call that failed', [call('1'), ended('1', 'no such file')], '12:00  Bash 1 → failed: no such file\n'],
    [
      'calls at once',
      [call('1'), call('2'), ended('1'), ended('2')],
      '12:00  Bash 1\n12:00  Bash 2\n12:00  Bash → ok\n12:00  Bash → ok\n',
    ],
    ['text during a call', [call('1'), said('Hm.'), ended('1')], '12:00  Bash 1\nHm.\n12:00  Bash → ok\n'],
    ['an end amid all', [part('a'), call('1')], 'a\n12:00  Bash 1\n'],
    ['escapes of the model', [said('\u001b[2Ja'), note('\u0007b')], 'a\n12:00  \\x07b\n'],
  ]
  test.each(rows)('%s', (_, passages, shown) => {
    expect(join(write(passages))).toBe(shown)
  })
})

test('apart, the text has no line break that the model did not write', () => {
  const pieces = write([part('Hel'), note('retry'), part('lo.'), call('1'), said('Hello.')], false)
  expect(join(pieces.filter(({ to }) => to === 'text'))).toBe('Hello.\n')
  expect(join(pieces.filter(({ to }) => to === 'talk'))).toBe('12:00  retry\n12:00  Bash 1\n')
})

describe('on a terminal where calls are folded', () => {
  const rows: [name: string, passages: TranscriptEntry[], shown: string][] = [
    ['a call', [call('1'), ended('1')], 'Bash 1\n'],
    ['a call without an outcome', [call('1'), note('stopped')], 'Bash 1 …\n12:00  stopped\n'],
    [
      'several calls',
      [call('1'), ended('1'), call('2'), ended('2'), said('Done.')],
      '2 calls: Bash 2\nDone.\n',
    ],
    ['calls in parallel', [call('1'), call('2'), ended('2')], '2 calls … Bash 1\n'],
    ['a call that fails alone', [call('1'), ended('1', 'no')], 'Bash 1 → failed: no\n'],
    [
      'a call that fails after others',
      [call('1'), ended('1'), call('2'), ended('2', 'no'), call('3'), ended('3')],
      '2 calls: Bash 2\nBash 2 → failed: no\nBash 3\n',
    ],
    ['a call in a text', [part('Hel'), call('1'), ended('1'), part('lo')], 'Hel\nBash 1\nlo\n'],
    ['an outcome after a question', [call('1'), note('asks'), ended('1')], 'Bash 1 …\n12:00  asks\n'],
  ]
  test.each(rows)('%s', (_, passages, shown) => {
    // What a terminal shows: an erased line is replaced by what follows it.
    const lines = join(write(passages, true, 40)).split('\n')
    expect(lines.map((line) => line.split('\r\u001b[2K').at(-1)).join('\n')).toBe(shown)
  })

  test('no line is wider than the terminal', () => {
    expect(join(write([call('a'.repeat(60))], true, 20))).toBe(`\r\u001b[2KBash ${'a'.repeat(13)}…\n`)
  })
})
