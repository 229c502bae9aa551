import fc from 'fast-check'
import { parse } from 'smol-toml'
import { expect, test } from 'vitest'
import { divideTomlIntoPieces } from './toml-pieces.js'

const lines = fc.constantFrom(
  ...['[a]', '[a.b]', '[a.b.c]', '[a.d]', '[[a]]', '[[a.b]]', '[[a.b.c]]', '[e.f]', '[e]', '["a".\'b\']'],
  ...['b = 1', 'a.b = 1', 'a = { b = 1 }', 'c = 2', 'x = [', ']', '  [a.b]', 'y = """', '"""', '# c'],
  ...['a = 1 [a.b]', '[a.b] [a.c]', '[a.b', 'z = "[a]', '[e.f] # "', 'x = [[1], [', '2]]', '}', 'd.x = 1'],
)

test('all pieces are valid if, and only if, the text is', () => {
  let valid = 0
  fc.assert(
    fc.property(fc.array(lines, { maxLength: 7 }), fc.integer({ min: 20, max: 60 }), (chosen, length) => {
      const text = chosen.join('\n')
      const pieces = divideTomlIntoPieces(text, length)
      if (pieces === undefined) return
      valid += isValid(text) && pieces.length > 1 ? 1 : 0
      expect(pieces.every(isValid), text).toBe(isValid(text))
    }),
    { numRuns: 4000, seed: 1 },
  )
  expect(valid).toBeGreaterThan(10)
})

test('tables with the same first two keys stay together, and others are divided', () => {
  const text = Array.from({ length: 40 }, (_, at) => `[a.k${at % 20}.t${at}]\nx = ${at}\n`).join('')
  const pieces = divideTomlIntoPieces(text, 100) ?? []
  expect(pieces.length).toBeGreaterThan(4)
  expect(pieces.join('').length).toBe(text.length)
  expect(pieces.filter((piece) => piece.includes('[a.k3.'))).toHaveLength(1)
})

function isValid(text: string): boolean {
  try {
    parse(text)
    return true
  } catch {
    return false
  }
}
