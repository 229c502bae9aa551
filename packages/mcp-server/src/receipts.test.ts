import { createHandClock } from '@subagent-mcp/testkit'
import { Writable } from 'node:stream'
import { expect, test } from 'vitest'
import { createReceipts } from './receipts.js'

/** Receipts over an output that lets nothing through until `open` is called. */
function setUp() {
  const clock = createHandClock()
  let open = (): void => undefined
  const output = new Writable({
    write: (_chunk, _encoding, done) => {
      open = done
    },
  })
  const receipts = createReceipts(clock, output)
  const got: number[] = []
  const answer = (id: number): void => {
    receipts.expect(id, () => got.push(id))
    output.write('answer')
    receipts.sent(id)
  }
  return { clock, receipts, got, answer, open: () => open() }
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

test('never when the connection ends first', () => {
  const { clock, receipts, got, answer, open } = setUp()
  answer(1)
  open()
  receipts.close()
  receipts.heard()
  clock.advance(1_000)
  expect(got).toEqual([])
})

test('never when its call is taken back: the host may have dropped it', () => {
  const { clock, receipts, got, answer, open } = setUp()
  answer(1)
  answer(2)
  open()
  open()
  receipts.cancelled(1)
  clock.advance(1_000)
  expect(got).toEqual([2])
})

test('never when it was not sent: its call was cancelled', () => {
  const { clock, receipts, got } = setUp()
  receipts.expect(1, () => got.push(1))
  receipts.heard()
  clock.advance(1_000)
  expect(got).toEqual([])
})
