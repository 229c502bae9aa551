import { expect, test } from 'vitest'
import { importCycles } from './import-cycles.js'
import { makeTree } from './make-tree.js'
import { readSources } from './read-sources.js'

function cyclesOf(files: Readonly<Record<string, string>>) {
  return importCycles(readSources(makeTree({ 'packages/one/package.json': { name: 'one' }, ...files })))
}

test('finds a cycle over three files, closed by a type import', () => {
  const cycles = cyclesOf({
    'packages/one/src/a.ts': "import { b } from './b.js'\nexport type A = typeof b",
    'packages/one/src/b.ts': "export { c as b } from './deep/c.js'",
    'packages/one/src/deep/c.ts': "import type { A } from '../a.js'\nexport const c: A = 1",
    'packages/one/src/d.ts': "import { a } from './a.js'",
  })
  expect(cycles).toEqual([['packages/one/src/a.ts', 'packages/one/src/b.ts', 'packages/one/src/deep/c.ts']])
})

test('finds a package that imports itself by its name', () => {
  const cycles = cyclesOf({
    'packages/one/src/index.ts': "export { a } from './a.js'",
    'packages/one/src/a.ts': "import type { a as b } from 'one'\nexport const a = 1",
  })
  expect(cycles).toEqual([['packages/one/src/a.ts', 'packages/one/src/index.ts']])
})

test('finds no cycle where two paths lead to the same file', () => {
  const cycles = cyclesOf({
    'packages/one/src/a.ts': "import './b.js'\nimport './c.js'",
    'packages/one/src/b.ts': "import './c.js'",
    'packages/one/src/c.ts': 'export const c = 1',
  })
  expect(cycles).toEqual([])
})
