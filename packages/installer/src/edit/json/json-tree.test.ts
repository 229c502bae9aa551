import fc from 'fast-check'
import { getNodePath, parseTree, type Node } from 'jsonc-parser'
import { expect, test } from 'vitest'
import { parseTreeLazily } from './json-tree.js'

/** The plain data of a JSON node and everything below it. */
function plain(node: Node): object {
  const { type, offset, length, colonOffset, children } = node
  const value: unknown = node.value
  return { type, offset, length, colonOffset, value, children: children?.map(plain) }
}

const spaces = fc.constantFrom('', ' ', '\n\t', '/* } " */', ' // ] "\n', '\r\n/**/ /***/')
const documents = fc
  .tuple(fc.jsonValue({ maxDepth: 4 }), fc.array(spaces, { minLength: 1 }))
  .map(([value, between]) => {
    let count = 0
    const space = () => between[(count += 1) % between.length] ?? ''
    return JSON.stringify([value]).replaceAll(
      /"(?:[^"\\]|\\.)*"|[[\]{},:]/g,
      (sign) => space() + sign + space(),
    )
  })

test('the tree is that of the strict parser', () => {
  fc.assert(
    fc.property(documents, (text) => {
      const expected = parseTree(text)
      expect(plain(parseTreeLazily(text))).toEqual(expected && plain(expected))
    }),
    { numRuns: Number(process.env['DOCUMENTS'] ?? 300) },
  )
})

test('a node knows its path', () => {
  const inner = parseTreeLazily('{"a": [0, {"b\\"c": 1}]}').children?.[0]?.children?.[1]?.children?.[1]
  const value = inner?.children?.[0]?.children?.[1]
  expect(value && getNodePath(value)).toEqual(['a', 1, 'b"c'])
})
