import { expect, test } from 'vitest'
import { cutSafeLine, escapeForTerminal } from './text.js'

const rows: [name: string, text: string, shown: string][] = [
  ['words stay', 'héllo 世界 👍🏽\n\tgo', 'héllo 世界 👍🏽\n\tgo'],
  ['colours go', '\u001b[31mred\u001b[0m', 'red'],
  ['a link shows its text', '\u001b]8;;http://x.example\u0007here\u001b]8;;\u0007', 'here'],
  ['a lone escape is shown', 'a\u001b', 'a\\x1b'],
  ['a window title cannot be set in two parts', '0;title\u0007', '0;title\\x07'],
  ['a line cannot be overwritten', 'rm -rf /\rls', 'rm -rf /\\x0dls'],
  ['the other control characters', '\u0000\u007f\u009b', '\\x00\\x7f\\x9b'],
  ['the direction of writing', 'a\u202eb', 'a\\u202eb'],
  ['lines of Windows', 'a\r\nb', 'a\nb'],
]
test.each(rows)('%s', (_, text, shown) => {
  expect(escapeForTerminal(text)).toBe(shown)
})

test('one line', () => {
  expect(cutSafeLine('  a\n\n b\tc ', 10)).toBe('a b c')
  expect(cutSafeLine('abcdef', 4)).toBe('abc…')
  expect(cutSafeLine('ab👍c', 4)).toBe('ab\ufffd…')
})
