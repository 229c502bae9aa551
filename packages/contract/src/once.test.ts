import { expect, test } from 'vitest'
import { once } from './once.js'

test('acts once, and returns the first result each time, also when that is undefined', () => {
  const told: (number | undefined)[] = []
  const tell = once((value?: number) => {
    told.push(value)
    return value
  })
  expect([tell(), tell(2), tell(3)]).toEqual([undefined, undefined, undefined])
  expect(told).toEqual([undefined])
})

test('acts again after a throw', () => {
  let tries = 0
  const act = once(() => {
    if (++tries === 1) throw new Error('not yet')
    return tries
  })
  expect(act).toThrow('not yet')
  expect(act()).toBe(2)
})
