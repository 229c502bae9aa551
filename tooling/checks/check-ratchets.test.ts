import { expect, test } from 'vitest'
import { checkSourceRatchets } from './check-ratchets.js'
import { makeTree } from './make-tree.js'

const lines = 'lines in packages and apps'
const ratchetsPath = 'tooling/checks/ratchets.json'

/** A checkout with one package of three source lines, of which ratchets.json allows `most`. */
function treeWith(most: number, name = lines) {
  return makeTree({
    [ratchetsPath]: { sources: { [name]: { most, target: 1 } }, launch: {} },
    'packages/one/package.json': { name: 'one' },
    'packages/one/src/a.ts': 'export const a = 1\n\n// end\n',
    'packages/one/src/a.test.ts': 'export const b = 1\n',
  })
}

test('finds a number above the committed one', () => {
  expect(checkSourceRatchets(treeWith(2)).problems).toEqual([
    `${lines}: 3, but ${ratchetsPath} allows 2; bring it down`,
  ])
})

test('accepts an equal or lower number, and says how to lower the committed one', () => {
  expect(checkSourceRatchets(treeWith(3))).toEqual({ summary: `${lines} 3 (target 1)`, problems: [] })
  expect(checkSourceRatchets(treeWith(4))).toEqual({
    summary: `${lines} 3 (target 1, was 4: lower it with --write)`,
    problems: [],
  })
})

test('fails on a name that nothing measures', () => {
  expect(() => checkSourceRatchets(treeWith(1, 'hours'))).toThrow('"hours", which nothing measures')
})
