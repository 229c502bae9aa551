import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import {
  ends,
  never,
  openManualWorker,
  untilAborted,
  type ManualWorker,
  type Script,
} from './manual-worker.test.support.js'

const gone = () => new SubagentError('daemon-unreachable', 'no daemon')

/** Kills a worker at a step of its turn. Another worker has to answer the message, once. */
test.each([
  ['before its turn', { thread: never }, ends],
  ['in its turn', {}, never],
  ['before its reply', { reply: never }, ends],
  ['between its reply and the acknowledge', { acknowledge: never }, ends],
] as const)('a message whose worker dies %s is answered once', async (_title, mail, script) => {
  const manual = await openManualWorker()
  const message = await manual.send('do it', { thread: 'going' })
  let dead = false
  const renew: ManualWorker['mail']['renew'] = (take, leaseMs) =>
    dead ? never() : manual.mail.renew(take, leaseMs)
  const first = manual.start(script, { mail: { ...mail, renew } })
  await manual.until(
    async () => (await manual.mail.inbox('docs'))[0]?.status === 'held' && first.lines.length > 0,
  )
  dead = true
  const second = manual.start(ends)
  await manual.until(() => manual.isIdle())
  expect(await manual.replies(message)).toHaveLength(1)
  expect(await manual.mail.dead({})).toEqual([])
  const third = await manual.send('and now?')
  await manual.until(async () => (await manual.replies(third)).length > 0)
  expect(second.orders.length).toBeGreaterThan(0)
})

test('a handler that has left loses its turn to the next immediately', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('do it')
  const first = manual.start(untilAborted)
  await manual.until(() => first.orders.length === 1)
  await manual.mail.leave('w1')
  manual.start(() => ({ type: 'ended', text: 'by the second' }))
  await manual.until(() => first.lines.some((line) => line.type === 'turn' && line.outcome === 'lost'))
  await manual.until(() => manual.isIdle())
  expect(await manual.replies(message)).toMatchObject([{ body: 'by the second' }])
})

test('a lease is renewed for as long as a turn lasts', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('take your time')
  const began = manual.clock.now()
  let end = (): void => undefined
  manual.start(
    () =>
      new Promise(
        (resolve) =>
          (end = () => {
            resolve({ type: 'ended', text: 'done' })
          }),
      ),
  )
  const other = manual.start(ends)
  await manual.until(() => manual.clock.now() - began > 300_000)
  end()
  await manual.until(() => manual.isIdle())
  expect(await manual.replies(message)).toMatchObject([{ body: 'done' }])
  expect(other.orders).toEqual([])
})

test('a worker that is stopped in a turn gives its messages back, uncounted', async () => {
  const manual = await openManualWorker()
  await manual.send('do it')
  const worker = manual.start(untilAborted)
  await manual.until(() => worker.orders.length === 1)
  const stopped = manual.clock.now()
  worker.stop()
  let end: unknown
  void worker.end.then((is) => (end = is))
  await manual.until(() => end !== undefined)
  expect(end).toEqual({ type: 'stopped' })
  expect(manual.clock.now() - stopped).toBeLessThanOrEqual(6_000)
  expect(await manual.mail.inbox('docs')).toMatchObject([{ status: 'waiting', tries: 0 }])
  expect(worker.shelf.memory).toMatchObject({ status: { type: 'stopped' } })
})

test('an idle worker that is stopped ends immediately', async () => {
  const manual = await openManualWorker()
  const worker = manual.start(ends)
  worker.stop()
  expect(await worker.end).toEqual({ type: 'stopped' })
})

const fails: Script = () => ({ type: 'timed-out' })

test.each([
  ['what is there', ends, 'handled'],
  ['a turn that fails', fails, 'failed'],
] as const)('with once, a worker ends after %s', async (_title, script, result) => {
  const manual = await openManualWorker()
  await manual.send('do it')
  const worker = manual.start(script, { once: true })
  expect(await worker.end).toEqual({ type: 'once', result })
  expect(worker.orders).toHaveLength(1)
})

test('with once, a worker ends when nothing comes', async () => {
  const manual = await openManualWorker()
  const worker = manual.start(ends, { once: true })
  let end: unknown
  void worker.end.then((is) => (end = is))
  await manual.until(() => end !== undefined)
  expect(end).toEqual({ type: 'once', result: 'nothing' })
})

test('with once, a mailbox that cannot be reached is an error', async () => {
  const manual = await openManualWorker()
  const worker = manual.start(ends, { once: true, mail: { next: () => Promise.reject(gone()) } })
  await expect(worker.end).rejects.toMatchObject({ code: 'daemon-unreachable' })
})

test('a worker that was stopped begins no turn', async () => {
  const manual = await openManualWorker()
  await manual.send('do it', { thread: 'going' })
  const thread: ManualWorker['mail']['thread'] = (id, page) => {
    worker.stop()
    return manual.mail.thread(id, page)
  }
  const worker = manual.start(ends, { mail: { thread } })
  expect(await worker.end).toEqual({ type: 'stopped' })
  expect(worker.orders).toEqual([])
  expect(await manual.mail.inbox('docs')).toMatchObject([{ status: 'waiting', tries: 0 }])
})

test('a worker that is stopped while its mailbox is away ends immediately', async () => {
  const manual = await openManualWorker()
  await manual.send('do it')
  const reply = () => {
    worker.stop()
    return Promise.reject(gone())
  }
  const worker = manual.start(ends, { mail: { reply } })
  expect(await worker.end).toEqual({ type: 'stopped' })
  expect(await manual.mail.inbox('docs')).toMatchObject([{ status: 'waiting', tries: 0 }])
  expect(worker.lines.map(({ type }) => type)).toEqual(['started', 'turn', 'unreachable', 'stopped'])
})

test('a worker that waits for its mailbox ends without another word', async () => {
  const manual = await openManualWorker()
  const worker = manual.start(ends, { mail: { next: () => Promise.reject(gone()) } })
  await manual.until(() => worker.lines.length > 1)
  worker.stop()
  expect(await worker.end).toEqual({ type: 'stopped' })
  expect(worker.lines.map(({ type }) => type)).toEqual(['started', 'unreachable', 'stopped'])
})

test('no lease is renewed after its turn', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('do it')
  let renewed = 0
  const renew: ManualWorker['mail']['renew'] = (take, leaseMs) => {
    renewed += 1
    return manual.mail.renew(take, leaseMs)
  }
  manual.start(ends, { mail: { renew } })
  await manual.until(async () => (await manual.replies(message)).length > 0 && (await manual.isIdle()))
  const answered = manual.clock.now()
  await manual.until(() => manual.clock.now() - answered > 60_000)
  expect(renewed).toBe(0)
})
