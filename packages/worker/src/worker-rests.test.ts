import { expect, test } from 'vitest'
import { openManualWorker, type Script } from './manual-worker.test.support.js'

test('a spent budget lets messages wait until the next day', async () => {
  const manual = await openManualWorker()
  const shelf = { saves: 0 }
  const script: Script = () => ({ type: 'ended', text: 'a', usage: { costUsd: 0.6, inputTokens: 10 } })
  const worker = manual.start(script, { budget: { usd: 1 }, memory: shelf })
  for (const body of ['one', 'two', 'three']) {
    await manual.send(body)
    await manual.until(
      async () => (await manual.isIdle()) || worker.lines.some(({ type }) => type === 'resting'),
    )
  }
  expect(worker.orders).toHaveLength(2)
  const nextDay = 24 * 3_600_000
  const reason = "the day's budget is spent: 1.20 of 1.00 USD"
  expect(worker.shelf.memory).toMatchObject({ status: { type: 'resting', reason, until: nextDay } })
  worker.stop()
  await worker.end
  const again = manual.start(script, { budget: { usd: 1 }, memory: shelf, once: true })
  expect(await again.end).toMatchObject({ type: 'resting', reason, until: nextDay })
  expect(again.lines).toMatchObject([{ type: 'started' }, { type: 'resting', reason }, { type: 'stopped' }])
  const later = manual.start(script, { budget: { usd: 1 }, memory: shelf })
  manual.clock.advance(nextDay - manual.clock.now() - 1_000)
  expect(later.orders).toEqual([])
  await manual.until(() => later.shelf.memory?.spent?.day === '1')
  expect(later.lines.filter(({ type }) => type === 'resting')).toHaveLength(1)
  expect(later.shelf.memory?.spent).toMatchObject({ day: '1', turns: 1, usd: 0.6 })
})

test("an account's limit that ends soon is waited for, and does not count", async () => {
  const manual = await openManualWorker()
  const message = await manual.send('do it')
  const resetsAt = manual.clock.now() + 3_600_000 / 2
  const failure = { reason: 'rate-limited', message: 'limit reached', resetsAt } as const
  const worker = manual.start((_order, _signal, number) =>
    number === 1 ? { type: 'failed', failure } : { type: 'ended', text: 'done' },
  )
  await manual.until(() => manual.isIdle())
  expect(manual.clock.now()).toBeGreaterThanOrEqual(resetsAt)
  expect(await manual.mail.thread(message.thread)).toMatchObject([{ tries: 0 }, { body: 'done' }])
  expect(worker.lines.map(({ type }) => type)).toEqual(['started', 'turn', 'resting', 'turn'])
})
