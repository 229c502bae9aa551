import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { joinAbortSignals } from './join-signals.js'

test('signals that are joined abort as one, and keep nothing of it when they part', () => {
  const [one, other] = [new AbortController(), new AbortController()]
  const joined = joinAbortSignals([one.signal, other.signal])
  const parted = joinAbortSignals([one.signal, other.signal])
  parted.part()
  other.abort()
  expect([joined.signal.aborted, parted.signal.aborted]).toEqual([true, false])
  joined.part()
  expect([one, other].flatMap(({ signal }) => getEventListeners(signal, 'abort'))).toEqual([])
  expect(joinAbortSignals([one.signal, other.signal]).signal.aborted).toBe(true)
})
