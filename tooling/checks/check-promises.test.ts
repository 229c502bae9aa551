import { expect, test } from 'vitest'
import { checkPromises } from './check-promises.js'
import { makeTree } from './make-tree.js'

test('accepts tests that cite every promise', () => {
  expect(problems("test('[steer] …')\n  test.each([1, 2])(\n    '[launch-wait] …')")).toEqual([])
})

test('one title may cite several', () => {
  expect(problems('test(`[steer][launch-wait] …`)')).toEqual([])
})

test('finds a promise without a test', () => {
  expect(problems("test('[steer] …')")).toEqual([
    '[launch-wait] of e2e/src/requirements.ts is cited by no end-to-end test; add one',
  ])
})

test('does not count skipped tests', () => {
  expect(problems("test.skip('[steer] …')\ntest('[launch-wait] …')")).toEqual([
    '[steer] of e2e/src/requirements.ts is cited by no end-to-end test; add one',
  ])
})

test('finds a test that cites an unknown promise', () => {
  expect(problems("test('[steer] …')\ntest('[launch-wait] …')\ntest('[fly] …')")).toEqual([
    'e2e/src/deep/one.test.ts: [fly] is not in requirements.ts',
  ])
})

function problems(tests: string) {
  const root = makeTree({
    'e2e/src/requirements.ts':
      "export const requirements = {\n  'launch-wait': 'x: y',\n  steer:\n    'z',\n} as const\n",
    'e2e/src/deep/one.test.ts': tests,
  })
  return checkPromises(root).problems
}
