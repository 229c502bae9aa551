import { expect, test } from 'vitest'
import { checkSizes } from './check-sizes.js'
import { makeTree } from './make-tree.js'

test('finds files that are too long, in any folder', () => {
  const root = makeTree({
    'packages/a/src/long.ts': lines(301),
    'packages/a/README.md': lines(81),
    '.ci/run': lines(301),
    'docs/fine.md': lines(300),
  })
  expect(checkSizes(root).problems).toEqual([
    '.ci/run: 301 lines, 300 at most; split it by its ideas',
    'packages/a/README.md: 81 lines, 80 at most; split it by its ideas',
    'packages/a/src/long.ts: 301 lines, 300 at most; split it by its ideas',
  ])
})

test('names files of more than 200 lines in the summary', () => {
  expect(checkSizes(makeTree({ 'a.ts': lines(201), 'b.ts': lines(200) }))).toEqual({
    summary: '2 files; a.ts has 201 lines',
    problems: [],
  })
})

test('ignores files that people do not write', () => {
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
