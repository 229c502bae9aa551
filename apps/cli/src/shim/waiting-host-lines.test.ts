import { createManualClock } from '@subagent-mcp/testkit'
import { expect, test } from 'vitest'
import type { JsonRpcLine } from './json-rpc-line-filter.js'
import { createWaitingLines } from './waiting-host-lines.js'

const line = (head: JsonRpcLine['heads'][number]): JsonRpcLine => ({
  heads: [head],
  bytes: () => Buffer.from(''),
  came: 'whole',
})
const [first, second, note] = [
  line({ id: '1', method: 'a' }),
  line({ id: '2', method: 'a' }),
  line({ method: 'b' }),
]

test('requests wait for 25 s from the first of them, and then get the error that they were not sent', async () => {
  const [clock, told] = [createManualClock(), new Array<string>()]
  const waiting = createWaitingLines((lines) => told.push(lines), clock.after)
  waiting.add(note)
  expect(waiting.hasRequest()).toBe(false)
  const request = waiting.untilRequest()
  waiting.add(first)
  await request
  clock.advance(24_999)
  waiting.add(second)
  expect([told, waiting.hasRequest()]).toEqual([[], true])
  clock.advance(1)
  const errors = told.join('').trim().split('\n')
  expect(errors.map((error) => /"id":(\d).*not sent.*within 25 s/.exec(error)?.[1])).toEqual(['1', '2'])
  expect([waiting.hasRequest(), waiting.takeAll()]).toEqual([false, []])
})

test('untilRequest resolves once until the waiting lines are taken', async () => {
  const clock = createManualClock()
  const waiting = createWaitingLines(() => undefined, clock.after)
  waiting.add(first)
  await waiting.untilRequest()
  let count = 0
  void waiting.untilRequest().then(() => (count += 1))
  waiting.add(second)
  await new Promise(setImmediate)
  expect(count).toBe(0)
  waiting.takeAll()
  waiting.add(second)
  await expect.poll(() => count).toBe(1)
})

test('requests that were taken in time get no error', () => {
  const [clock, told] = [createManualClock(), new Array<string>()]
  const waiting = createWaitingLines((lines) => told.push(lines), clock.after)
  waiting.add(first, note)
  expect(waiting.takeAll()).toEqual([first, note])
  clock.advance(100_000)
  expect(told).toEqual([])
})
