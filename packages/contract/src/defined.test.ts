import { expect, test } from 'vitest'
import { defined } from './defined.js'

test('leaves out what is undefined, and nothing else', () => {
  const name: string | undefined = 'a'
  const size: number | undefined = undefined
  const fields: { kind: null; name?: string; size?: number } = defined({ kind: null, name, size })
  expect(Object.entries(fields)).toEqual([
    ['kind', null],
    ['name', 'a'],
  ])
  expect(defined({ zero: 0, empty: '', no: false })).toEqual({ zero: 0, empty: '', no: false })
})
