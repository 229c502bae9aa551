import { expect, test } from 'vitest'
import { cutToWidth, measureTextWidth } from './table.js'

const widths: [text: string, width: number][] = [
  ['', 0],
  ['abc…', 4],
  ['日本語', 6],
  ['한국', 4],
  ['👍🏽', 2],
  ['👨‍👩‍👧', 2],
  ['e\u0301', 1],
]
test.each(widths)('%j takes %i columns', (text, width) => {
  expect(measureTextWidth(text)).toBe(width)
})

const cuts: [text: string, columns: number, cut: string][] = [
  ['abc', 3, 'abc'],
  ['abcd', 3, 'ab…'],
  ['日本語', 6, '日本語'],
  ['日本語', 5, '日本…'],
  ['日本語', 4, '日…'],
  ['👍🏽👍🏽', 3, '👍🏽…'],
]
test.each(cuts)('%j in %i columns', (text, columns, cut) => {
  expect(cutToWidth(text, columns)).toBe(cut)
})
