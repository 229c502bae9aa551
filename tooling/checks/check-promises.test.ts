import { expect, test } from 'vitest'
import { checkPromises } from './check-promises.js'
import { makeTree } from './make-tree.js'

test('is content when each promise is cited', () => {
  expect(problems("test('[steer] …')\n  test.each([1, 2])(\n    '[launch-wait] …')")).toEqual([])
})

test('one title may cite several', () => {
  expect(problems('test(`[steer][launch-wait] …`)')).toEqual([])
})

test('finds a promise without a test', () => {
  expect(problems("test('[steer] …')")).toEqual(['no end-to-end test cites [launch-wait]'])
})

test('a skipped test keeps no promise', () => {
  expect(problems("test.skip('[steer] …')\ntest('[launch-wait] …')")).toEqual([
    'no end-to-end test cites [steer]',
  ])
})

test('finds a test for what was never promised', () => {
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
