import { expect, test } from 'vitest'
import { openManualWorker, replyBy, says, type ManualWorker } from './manual-worker.test.support.js'

async function answered(
  manual: ManualWorker,
  message: Parameters<ManualWorker['replies']>[0],
): Promise<boolean> {
  return (await manual.replies(message)).length > 0
}

test('a lost session is replaced immediately by a new one, which gets the thread', async () => {
  const manual = await openManualWorker()
  const first = await manual.send('my name is Ann')
  const worker = manual.start((_order, _signal, number) => {
    if (number === 2)
      return {
        type: 'failed',
        failure: { reason: 'bad-request', message: 'no such session' },
        sessionLost: true,
      }
    return { type: 'ended', text: `answer ${String(number)}`, session: `s${String(number)}` }
  })
  await manual.until(() => answered(manual, first))
  const second = await manual.send('what is my name?', { thread: first.thread })
  await manual.until(() => answered(manual, second))
  const { orders } = worker
  expect(orders.map(({ session }) => session)).toEqual([
    { type: 'new' },
    { type: 'known', id: 's1' },
    { type: 'new' },
  ])
  expect(orders[1]?.prompt).not.toContain('my name is Ann')
  expect(orders[2]?.prompt).toMatch(
    /Said before[^]*\| my name is Ann[^]*\| answer 1[^]*Now handle[^]*\| what is my name/,
  )
  expect(await manual.mail.thread(first.thread)).toMatchObject([{}, {}, { tries: 0 }, { body: 'answer 3' }])
  await manual.until(() => worker.shelf.memory?.session?.id === 's3')
})

test('a session in which two turns in a row fail is left', async () => {
  const manual = await openManualWorker()
  const first = await manual.send('one')
  const worker = manual.start(({ session }, _signal, number) =>
    number === 1 || session.type === 'new'
      ? { type: 'ended', text: 'ok', session: 's1' }
      : { type: 'failed', failure: { reason: 'crashed', message: 'exit 1' } },
  )
  await manual.until(() => answered(manual, first))
  const second = await manual.send('two')
  await manual.until(() => answered(manual, second))
  expect(worker.orders.map(({ session }) => session.type)).toEqual(['new', 'known', 'known', 'new'])
})

test('with fresh sessions each turn gets its thread', async () => {
  const manual = await openManualWorker()
  const first = await manual.send('my name is Ann')
  const worker = manual.start(says('ok'), { session: 'fresh' })
  await manual.until(() => answered(manual, first))
  const second = await manual.send('what is my name?', { thread: first.thread })
  await manual.until(() => answered(manual, second))
  expect(worker.orders.map(({ session }) => session.type)).toEqual(['new', 'new'])
  expect(worker.orders[1]?.prompt).toContain('| my name is Ann')
})

test('a session gets what another handler has said in its thread in between', async () => {
  const manual = await openManualWorker()
  const first = await manual.send('one')
  const worker = manual.start(says('ok'))
  await manual.until(() => answered(manual, first))
  worker.stop()
  await worker.end
  const other = await manual.send('two', { thread: first.thread })
  await replyBy(manual, other, 'said by a person')
  const again = manual.start(says('ok'), { memory: worker.shelf })
  const third = await manual.send('three', { thread: first.thread })
  await manual.until(() => answered(manual, third))
  expect(again.orders).toMatchObject([{ session: { type: 'known', id: 's1' } }])
  expect(again.orders[0]?.prompt).toMatch(/Said before[^]*\| two[^]*\| said by a person/)
  expect(again.orders[0]?.prompt).not.toContain('| one')
})

test('a session of earlier is left alone with fresh sessions', async () => {
  const manual = await openManualWorker()
  await manual.send('do it')
  const session = { id: 's0', failures: 0, threads: [] }
  const shelf = { saves: 0, memory: { status: { type: 'stopped' as const, since: 0 }, session } }
  const worker = manual.start(says('ok'), { session: 'fresh', memory: shelf })
  await manual.until(() => manual.isIdle())
  expect(worker.orders).toMatchObject([{ session: { type: 'new' } }])
})

test('what is handled now, or comes after it, is not told as said before', async () => {
  const manual = await openManualWorker()
  const first = await manual.send('one')
  await manual.send('two', { thread: first.thread })
  const thread: ManualWorker['mail']['thread'] = async (id, page) => {
    if (worker.orders.length === 0) await manual.send('three', { thread: id })
    return manual.mail.thread(id, page)
  }
  const worker = manual.start(says('ok'), { mail: { thread } })
  await manual.until(() => worker.orders.length > 1)
  const told = worker.orders.map(({ prompt }) => prompt.match(/(?<=^\| )(?:one|two|three)$/gm))
  expect(told).toEqual([['one', 'two'], ['three']])
})

test('of a message that begins its thread nothing is looked up', async () => {
  const manual = await openManualWorker()
  const asked: string[] = []
  const thread: ManualWorker['mail']['thread'] = (id, page) => {
    asked.push(id)
    return manual.mail.thread(id, page)
  }
  const worker = manual.start(says('ok'), { mail: { thread } })
  const first = await manual.send('one')
  await manual.until(() => worker.orders.length === 1)
  await manual.until(() => manual.isIdle())
  expect(asked).toEqual([])
  await manual.send('two', { thread: first.thread })
  await manual.until(() => worker.orders.length === 2)
  expect(asked).toEqual([first.thread])
})
