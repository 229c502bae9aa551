import { expect, test } from 'vitest'
import { jsonWithBomRules, plainJsonRules, relaxedJsonRules } from './hosts/file-change.js'
import { parseHostFile } from './read-data.js'

const mark = '\uFEFF'

test('returns the data of a file', () => {
  expect(parseHostFile(`${mark}{"a": 1}`, jsonWithBomRules)).toEqual({ type: 'data', data: { a: 1 } })
  expect(parseHostFile('{"a": 1,} // b', relaxedJsonRules)).toEqual({ type: 'data', data: { a: 1 } })
  expect(parseHostFile(`${mark}[a]\nb = 1 # c\n`, 'toml')).toEqual({ type: 'data', data: { a: { b: 1 } } })
  expect(parseHostFile('', plainJsonRules)).toEqual({ type: 'data', data: {} })
})

test('refuses a file that its host would ignore', () => {
  const hooksFile = (text: string) => whyNot(text, plainJsonRules, ['description', 'hooks'])
  expect(hooksFile('{"version": 1, "hooks": {}}')).toBe('its host takes no version at its top')
  expect(hooksFile('{"description": "", "hooks": {}}')).toBe('')
})

test('refuses a text that its host could not read', () => {
  expect(parseHostFile(`${mark}{}`, plainJsonRules)).toEqual({
    type: 'refused',
    why: 'line 1: a byte order mark',
  })
  expect(whyNot('{}\n// b', plainJsonRules)).toMatch(/^line 2: /)
  expect(whyNot('a = 1\nb =', 'toml')).toMatch(/^line 2: /)
})

function whyNot(...given: Parameters<typeof parseHostFile>): string {
  const read = parseHostFile(...given)
  return read.type === 'refused' ? read.why : ''
}
