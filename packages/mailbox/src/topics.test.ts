import { expect, it } from 'vitest'
import { topicMatchesPattern } from './topics.js'

it.each([
  ['ci', 'ci', true],
  ['ci', 'ci.main', false],
  ['ci.*', 'ci.main', true],
  ['ci.*', 'ci', false],
  ['ci.*', 'ci.main.build', false],
  ['*.main', 'ci.main', true],
  ['ci.*.build', 'ci.main.build', true],
  ['ci.>', 'ci.main', true],
  ['ci.>', 'ci.main.build', true],
  ['ci.>', 'ci', false],
  ['ci.>', 'cd.main', false],
  ['>', 'ci', true],
  ['>', 'ci.main', true],
  ['*', 'ci.main', false],
])('%s: is %s one of it? %j', (pattern, topic, matches) => {
  expect(topicMatchesPattern(pattern, topic)).toBe(matches)
})
