import { expect, test } from 'vitest'
import { omitUndefined } from './omit-undefined.js'

test('leaves out what is undefined, and nothing else', () => {
  const name: string | undefined = 'a'
  const size: number | undefined = undefined
  const fields: { kind: null; name?: string; size?: number } = omitUndefined({ kind: null, name, size })
  expect(Object.entries(fields)).toEqual([
    ['kind', null],
    ['name', 'a'],
  ])
  expect(omitUndefined({ zero: 0, empty: '', no: false })).toEqual({ zero: 0, empty: '', no: false })
})
