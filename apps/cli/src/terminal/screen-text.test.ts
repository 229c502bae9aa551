import { expect, test } from 'vitest'
import { formatScreenCellText, cutStartToFit, toPlainScreenText, wrapToColumns } from './screen-text.js'
import { measureTextWidth } from './table.js'

const hostile = [
  'red \u001b[31mtext\u001b[0m and \u001b]0;title\u0007 \u001b[2J',
  'back\u0008\u0008 bell\u0007 \r over \u0000 null \u009b31m',
  'bidi \u202eright to left\u2069 mark \u200f',
  'family 👨‍👩‍👧‍👦 flag 🇩🇪 heart ❤️ zero\u200bwidth',
  'wide 漢字 かな 한글 ｆｕｌｌ',
  'zalgo Z͑ͫ̓ͪ̂ͫ̽͏̴̙̤̞͉͚̯̞̠͍A̴̵̜̰͔ͫ͗͢L̠ͨͧͩ͘G̴̻͈͍͔̹̑͗̎̅͛́Ǫ̵̹̻̝̳͂̌̌͘',
  'lone \ud83d surrogate',
  'tab\tand\u00a0spaces\u3000here',
]

test.each(hostile)('%j becomes one line without a character that changes others', (text) => {
  const cell = formatScreenCellText(text, 500)
  expect(cell).not.toMatch(/[\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}\p{Zl}\p{Zp}]|\p{M}{3}/u)
  expect(cell.isWellFormed()).toBe(true)
  for (const columns of [0, 1, 2, 7, 20])
    expect(measureTextWidth(formatScreenCellText(text, columns))).toBeLessThanOrEqual(columns)
})

test('an ordinary text stays as it is, with its newlines', () => {
  expect(toPlainScreenText('Grüße,  naïve café\n  indented → ok')).toBe('Grüße,  naïve café\n  indented → ok')
})

test('lines break between words, and inside of longer words and wide characters', () => {
  expect(wrapToColumns('one two three\n\nfour', 8)).toEqual(['one two', 'three', '', 'four'])
  expect(wrapToColumns('abcdefghij', 4)).toEqual(['abcd', 'efgh', 'ij'])
  expect(wrapToColumns('漢字漢字漢', 5)).toEqual(['漢字', '漢字', '漢'])
  for (const text of hostile)
    for (const line of wrapToColumns(text.repeat(5), 7)) expect(measureTextWidth(line)).toBeLessThanOrEqual(7)
})

test('of a typed text the end is shown', () => {
  expect(cutStartToFit('hello world', 5)).toBe('world')
  expect(cutStartToFit('ab漢字', 3)).toBe('字')
})
