import { expect, test } from 'vitest'
import { readDefaultTaskTimeout } from './launch-template.js'

test.each([
  [undefined, 300_000],
  ['', 300_000],
  ['1500', 1500],
  ['2e3', 2000],
])('a timeout of %j is %d ms', (text, milliseconds) => {
  expect(readDefaultTaskTimeout({ TASK_TIMEOUT_MS: text })).toBe(milliseconds)
})

test.each(['soon', '0', '-5', '300s', '99999999999'])('a timeout of %j is refused', (text) => {
  const error = { code: 'config-invalid', message: `TASK_TIMEOUT_MS is '${text}'` }
  expect(() => readDefaultTaskTimeout({ TASK_TIMEOUT_MS: text })).toThrow(expect.objectContaining(error))
})
