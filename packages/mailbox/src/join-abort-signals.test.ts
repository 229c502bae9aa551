import { getEventListeners } from 'node:events'
import { expect, test } from 'vitest'
import { joinAbortSignals } from './join-abort-signals.js'

test('signals that are joined abort as one, until they part', () => {
  const [one, other] = [new AbortController(), new AbortController()]
  const joined = joinAbortSignals([one.signal, other.signal])
  const parted = joinAbortSignals([one.signal, other.signal])
  parted.part()
  other.abort()
  expect([joined.signal.aborted, parted.signal.aborted]).toEqual([true, false])
  expect(joinAbortSignals([one.signal, other.signal]).signal.aborted).toBe(true)
})

test('a signal that is joined by many calls has one listener', () => {
  const stop = new AbortController()
  const joined = Array.from({ length: 20 }, () =>
    joinAbortSignals([stop.signal, new AbortController().signal]),
  )
  expect(getEventListeners(stop.signal, 'abort')).toHaveLength(1)
  for (const { part } of joined.slice(0, 10)) part()
  stop.abort()
  expect(joined.map(({ signal }) => signal.aborted).filter(Boolean)).toHaveLength(10)
})
