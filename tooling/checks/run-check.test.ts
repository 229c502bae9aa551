import { expect, test } from 'vitest'
import { runCheck } from './run-check.js'

test('a passed check prints one line', async () => {
  expect(await runCheck('layers', () => ({ summary: '7 packages', problems: [] }), '/')).toEqual({
    ok: true,
    text: 'layers: ok, 7 packages\n',
  })
})

test('a failed check prints a line for each problem', async () => {
  expect(await runCheck('layers', () => ({ summary: '7 packages', problems: ['a', 'b'] }), '/')).toEqual({
    ok: false,
    text: 'layers: FAILED, 7 packages\n  a\n  b\n',
  })
})

test('a check that throws has failed', async () => {
  const broken = () => Promise.reject(new Error('no knip'))
  expect(await runCheck('unused exports', broken, '/')).toEqual({
    ok: false,
    text: 'unused exports: FAILED, could not run\n  no knip\n',
  })
})
