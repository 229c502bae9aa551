import { createManualClock, type ManualClock } from '@subagent-mcp/testkit'
import { PassThrough, Writable } from 'node:stream'
import { setImmediate as nextTurn } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { createLineTransport } from './line-transport.js'

test('a client whose blank line arrives in two parts is not closed for silence', async () => {
  const { input, clock, reasons } = await connected(new PassThrough().resume())
  for (const part of ['\r', '\n']) {
    input.write(part)
    await nextTurn()
  }
  await pass(clock, 120_000)
  expect(reasons).toEqual([])
  input.write('\r')
  await nextTurn()
  await pass(clock, 61_000)
  expect(reasons).toEqual([expect.stringContaining('it did not end a line')])
})

test('a client that reads slowly and steadily stays connected, and one that stops reading is closed', async () => {
  const waiting: (() => void)[] = []
  const output = new Writable({ highWaterMark: 10, write: (_chunk, _encoding, taken) => waiting.push(taken) })
  const { transport, clock, reasons } = await connected(output)
  const send = () => transport.send({ jsonrpc: '2.0', method: 'told', params: {} })
  await send()
  for (let round = 0; round < 5; round += 1) {
    await send()
    waiting.shift()?.()
    await pass(clock, 50_000)
  }
  expect(output.writableNeedDrain).toBe(true)
  expect(reasons).toEqual([])
  await pass(clock, 120_000)
  expect(reasons).toEqual([expect.stringContaining('it read nothing of its answers')])
})

async function connected(output: Writable) {
  const [input, clock] = [new PassThrough(), createManualClock()]
  const reasons: string[] = []
  const transport = createLineTransport({
    ...{ input, output, clock },
    onProblem: () => undefined,
    hangUp: (reason) => reasons.push(reason),
  })
  await transport.start()
  return { input, clock, transport, reasons }
}

/** Waits some turns of the event loop. */
async function pass(clock: ManualClock, milliseconds: number): Promise<void> {
  for (let passed = 0; passed < milliseconds; passed += 500) {
    clock.advance(500)
    await nextTurn()
  }
}
