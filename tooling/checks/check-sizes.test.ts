import { expect, test } from 'vitest'
import { checkSizes } from './check-sizes.js'
import { makeTree } from './make-tree.js'

test('finds what is too long, wherever it is', () => {
  const root = makeTree({
    'packages/a/src/long.ts': lines(301),
    'packages/a/README.md': lines(81),
    '.ci/run': lines(301),
    'docs/fine.md': lines(300),
  })
  expect(checkSizes(root).problems).toEqual([
    '.ci/run: 301 lines, 300 at most',
    'packages/a/README.md: 81 lines, 80 at most',
    'packages/a/src/long.ts: 301 lines, 300 at most',
  ])
})

test('names what to look at again', () => {
  expect(checkSizes(makeTree({ 'a.ts': lines(201), 'b.ts': lines(200) }))).toEqual({
    summary: '2 files; a.ts has 201 lines',
    problems: [],
  })
})

test('passes by what is not written by hand', () => {
  const root = makeTree({
    'packages/a/node_modules/b/index.js': lines(500),
    'packages/a/dist/index.js': lines(500),
    'packages/a/CHANGELOG.md': lines(500),
    'packages/a/src/__fixtures__/recorded.jsonl': lines(500),
  })
  expect(checkSizes(root)).toEqual({ summary: '0 files', problems: [] })
})

function lines(count: number) {
  return 'x\n'.repeat(count)
}
