import { expect, test } from 'vitest'
import { paintChangedLines, paintFrame } from './draw-lines.js'
import type { ScreenLine } from './screen.js'
import { paintNothing } from './paint.js'

function frame(...lines: ScreenLine[]) {
  return paintFrame({ lines }, paintNothing)
}

function line(...texts: [column: number, text: string][]): ScreenLine {
  return texts.map(([column, text]) => ({ column, text, tone: 'plain' }))
}

test('only lines that changed are written, and nothing when none did', () => {
  const first = frame(line([0, 'one']), line([0, 'two']))
  expect(paintChangedLines(undefined, first)).toContain('one')
  expect(paintChangedLines(first, frame(line([0, 'one']), line([0, 'two'])))).toBe('')
  const written = paintChangedLines(first, frame(line([0, 'one']), line([0, '2'])))
  expect(written).toContain('\u001b[2;1H2\u001b[K')
  expect(written).not.toContain('one')
})

test('lines that are gone are erased', () => {
  const written = paintChangedLines(frame(line([0, 'one']), line([0, 'two'])), frame(line([0, 'one'])))
  expect(written).toContain('\u001b[2;1H\u001b[K')
})

test('a cell after a text that is not ASCII is placed by its column, others by spaces', () => {
  expect(frame(line([0, 'ab'], [5, 'cd'])).lines).toEqual(['ab   cd\u001b[K'])
  expect(frame(line([0, '漢'], [5, 'cd'])).lines).toEqual(['漢\u001b[K\u001b[6Gcd\u001b[K'])
})

test('the cursor is shown only where the person types', () => {
  const typing = paintFrame({ lines: [], cursor: { row: 3, column: 7 } }, paintNothing)
  expect(paintChangedLines(undefined, typing)).toContain('\u001b[4;8H\u001b[?25h')
  expect(paintChangedLines(typing, frame())).not.toContain('?25h')
})
