import { createManualClock } from '@subagent-mcp/testkit'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createReceipts } from './receipts.js'

/** Creates receipts over an output that blocks until `open` is called. */
function setUp() {
  const clock = createManualClock()
  let open = (): void => undefined
  const output = new Writable({
    write: (_chunk, _encoding, done) => {
      open = done
    },
  })
  const receipts = createReceipts(clock, output)
  const got: number[] = []
  const lost: number[] = []
  const expectAnswer = (id: number): void => {
    receipts.expect(id, { received: () => got.push(id), lost: () => lost.push(id) })
  }
  const answer = (id: number): void => {
    expectAnswer(id)
    output.write('answer')
    receipts.sent(id)
  }
  return { clock, receipts, got, lost, answer, expectAnswer, open: () => open() }
}

test('an answer is received when the host says something after it, once', () => {
  const { receipts, got, answer, open } = setUp()
  answer(1)
  open()
  receipts.heard()
  receipts.heard()
  expect(got).toEqual([1])
})

test('or when the host is still there a second later', () => {
  const { clock, got, answer, open } = setUp()
  answer(1)
  open()
  clock.advance(999)
  expect(got).toEqual([])
  clock.advance(1)
  expect(got).toEqual([1])
})

test('each after a second of its own, whatever was written before it', () => {
  const { clock, receipts, got, answer, open } = setUp()
  answer(1)
  open()
  receipts.cancelled(1)
  clock.advance(999)
  answer(2)
  open()
  clock.advance(999)
  expect(got).toEqual([])
  clock.advance(1)
  expect(got).toEqual([2])
})

test('never while it is still in our hands, however long that takes', () => {
  const { clock, receipts, got, answer, open } = setUp()
  answer(1)
  receipts.heard()
  clock.advance(5_000)
  expect(got).toEqual([])
  open()
  clock.advance(1_000)
  expect(got).toEqual([1])
})

test('never when the connection ends first: those on their way are lost, and those that were not sent', () => {
  const { clock, receipts, got, lost, answer, expectAnswer, open } = setUp()
  answer(1)
  open()
  expectAnswer(2)
  receipts.close()
  receipts.heard()
  clock.advance(1_000)
  expectAnswer(3)
  expect(got).toEqual([])
  expect(lost).toEqual([2, 1, 3])
})

test('never when its call is taken back: the host may have dropped it', () => {
  const { clock, receipts, got, lost, answer, open } = setUp()
  answer(1)
  answer(2)
  open()
  open()
  receipts.cancelled(1)
  clock.advance(1_000)
  receipts.cancelled(2)
  expect(got).toEqual([2])
  expect(lost).toEqual([1])
})

test('never when it was not sent: its call was cancelled', () => {
  const { clock, receipts, got, lost, expectAnswer } = setUp()
  expectAnswer(1)
  receipts.heard()
  clock.advance(1_000)
  receipts.cancelled(1)
  receipts.sent(1)
  clock.advance(1_000)
  expect(got).toEqual([])
  expect(lost).toEqual([1])
})
