import { expect, test } from 'vitest'
import { cutToWidth } from './cut-to-width.js'

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
