import { createManualClock } from '@subagent-mcp/testkit'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createAnswerReceipts } from './answer-receipts.js'

/** Creates receipts over an output that blocks until `open` is called. */
function setUp() {
  const clock = createManualClock()
  let open = (): void => undefined
  const output = new Writable({
    write: (_chunk, _encoding, done) => {
      open = done
    },
  })
  const receipts = createAnswerReceipts(clock, output)
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

test('an answer is received when the host sends a message after it, once', () => {
  const { receipts, got, answer, open } = setUp()
  answer(1)
  open()
  receipts.heard()
  receipts.heard()
  expect(got).toEqual([1])
})

test('an answer is received when the host is still connected a second later', () => {
  const { clock, got, answer, open } = setUp()
  answer(1)
  open()
  clock.advance(999)
  expect(got).toEqual([])
  clock.advance(1)
  expect(got).toEqual([1])
})

test('each answer has a second of its own, whatever was written before', () => {
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

test('an answer is not received while the output still holds it, however long', () => {
  const { clock, receipts, got, answer, open } = setUp()
  answer(1)
  receipts.heard()
  clock.advance(5_000)
  expect(got).toEqual([])
  open()
  clock.advance(1_000)
  expect(got).toEqual([1])
})

test('answers are lost when the connection ends first, sent or not', () => {
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

test('an answer whose call is cancelled is lost, because the host may have dropped it', () => {
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

test('an answer that was never sent, because its call was cancelled, is lost', () => {
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
