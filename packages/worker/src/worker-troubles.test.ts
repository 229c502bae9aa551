import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { ends, openManualWorker, type ManualWorker, type Script } from './manual-worker.test.support.js'

const gone = () => new SubagentError('daemon-unreachable', 'no daemon')

test('an idle worker saves once that it waits, and then neither logs nor saves', async () => {
  const manual = await openManualWorker()
  let polls = 0
  const next: ManualWorker['mail']['next'] = (order, signal) => {
    polls += 1
    return manual.mail.next(order, signal)
  }
  const worker = manual.start(ends, { mail: { next } })
  const began = manual.clock.now()
  await manual.until(() => manual.clock.now() - began >= 450_000)
  expect(polls).toBeLessThanOrEqual(11)
  expect([worker.lines.length, worker.shelf.saves]).toEqual([1, 1])
  expect(worker.shelf.memory).toMatchObject({ status: { type: 'waiting' } })
})

test('a mailbox that cannot be reached is waited for, with one line at each change', async () => {
  const manual = await openManualWorker()
  let calls = 0
  let away = true
  const next: ManualWorker['mail']['next'] = (order, signal) => {
    calls += 1
    return away ? Promise.reject(gone()) : manual.mail.next(order, signal)
  }
  const worker = manual.start(ends, { mail: { next } })
  const began = manual.clock.now()
  await manual.until(() => manual.clock.now() - began >= 600_000)
  expect(calls).toBeLessThan(30)
  expect(worker.shelf.memory).toMatchObject({ status: { type: 'unreachable', problem: 'no daemon' } })
  away = false
  await manual.until(() => worker.lines.at(-1)?.type === 'recovered')
  expect(worker.shelf.memory).toMatchObject({ status: { type: 'waiting' } })
  const message = await manual.send('still there?')
  await manual.until(async () => (await manual.replies(message)).length > 0)
  expect(worker.lines.map(({ type }) => type)).toEqual(['started', 'unreachable', 'recovered', 'turn'])
})

test('an answer waits for a mailbox that went away during the turn', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('do it')
  let away = true
  const back = manual.clock.now() + 40_000
  const reply: ManualWorker['mail']['reply'] = (order) => {
    away = manual.clock.now() < back
    return away ? Promise.reject(gone()) : manual.mail.reply(order)
  }
  const worker = manual.start(ends, { mail: { reply } })
  await manual.until(() => manual.isIdle())
  expect(await manual.replies(message)).toMatchObject([{ body: 'answer' }])
  expect(worker.orders).toHaveLength(1)
})

test('a turn that the daemon took with it is tried again, uncounted', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('do it')
  manual.start((_order, _signal, number) => {
    if (number === 1) throw gone()
    return { type: 'ended', text: 'done' }
  })
  await manual.until(() => manual.isIdle())
  expect(await manual.mail.thread(message.thread)).toMatchObject([{ tries: 0 }, { body: 'done' }])
})

test.each(['next', 'thread', 'acknowledge', 'release'] as const)(
  'a bug in %s neither ends nor spins a worker',
  async (name) => {
    const manual = await openManualWorker()
    let calls = 0
    const broken = () => {
      calls += 1
      return Promise.reject(new TypeError('a bug'))
    }
    const script: Script = () =>
      name === 'release'
        ? { type: 'failed', failure: { reason: 'unknown', message: 'no' } }
        : { type: 'ended', text: 'a' }
    const worker = manual.start(script, { mail: { [name]: broken } })
    for (const body of ['one', 'two']) await manual.send(body, { thread: 'going' })
    const began = manual.clock.now()
    await manual.until(() => manual.clock.now() - began >= 300_000)
    expect(calls).toBeGreaterThan(0)
    expect(calls).toBeLessThan(40)
    expect(worker.lines.filter((line) => line.type === 'trouble').length).toBeGreaterThan(0)
    worker.stop()
    expect(await worker.end).toEqual({ type: 'stopped' })
  },
)

test('a mailbox that does not wait does not make a worker spin', async () => {
  const manual = await openManualWorker()
  let calls = 0
  const next = () => {
    calls += 1
    return Promise.resolve(undefined)
  }
  manual.start(ends, { mail: { next } })
  const began = manual.clock.now()
  await manual.until(() => manual.clock.now() - began >= 60_000)
  expect(calls).toBeLessThan(65)
})

test('turns that fail one after the other come slower', async () => {
  const manual = await openManualWorker()
  for (let count = 0; count < 100; count++) await manual.send(`message ${String(count)}`)
  const worker = manual.start(() => ({ type: 'failed', failure: { reason: 'unknown', message: 'no CLI' } }), {
    maxBatch: 1,
  })
  const began = manual.clock.now()
  await manual.until(() => manual.clock.now() - began >= 120_000)
  expect(worker.orders.length).toBeLessThan(10)
})

test('a memory that cannot be saved keeps nobody from an answer', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('do it')
  const shelf = {
    get saves(): number {
      throw new SubagentError('io-failed', 'disk full')
    },
    set saves(_count: number) {
      throw new SubagentError('io-failed', 'disk full')
    },
  }
  const worker = manual.start(ends, { memory: shelf })
  await manual.until(async () => (await manual.replies(message)).length > 0 && (await manual.isIdle()))
  expect(worker.lines.filter(({ type }) => type === 'trouble')).toMatchObject([{ problem: 'disk full' }])
})
