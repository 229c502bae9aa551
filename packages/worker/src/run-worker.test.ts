import { SubagentError } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import {
  never,
  openManualWorker,
  replyBy,
  says,
  type ManualWorker,
  type Script,
} from './manual-worker.test.support.js'
import type { WorkerLine } from './index.js'

async function answered(
  manual: ManualWorker,
  message: Parameters<ManualWorker['replies']>[0],
): Promise<boolean> {
  return (await manual.replies(message)).length > 0
}

function turnsOf(lines: readonly WorkerLine[]) {
  return lines.filter((line) => line.type === 'turn')
}

test('the final words of a turn are the reply', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('where is it?')
  const worker = manual.start(says(' in the attic \n'))
  await manual.until(() => manual.isIdle())
  expect(await manual.replies(message)).toMatchObject([
    {
      from: { name: 'docs', host: 'box', through: 'agent' },
      to: 'ann',
      body: 'in the attic',
      expectsReply: false,
    },
  ])
  expect(worker.orders[0]?.prompt).toContain('| where is it?')
  expect(turnsOf(worker.lines)).toMatchObject([
    { outcome: 'ended', messages: [message.id], fresh: true, session: 's1' },
  ])
})

test('a reply of the turn itself is the only one; it and the log say which model wrote it', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('where is it?')
  const worker = manual.start(async () => {
    await replyBy(manual, message, 'in the attic')
    return { type: 'ended', text: 'I have replied.', model: 'codex/gpt' }
  })
  await manual.until(() => manual.isIdle())
  const from = { name: 'docs', host: 'box', through: 'agent', model: 'codex/gpt' }
  expect(await manual.replies(message)).toMatchObject([{ body: 'in the attic', from }])
  expect(turnsOf(worker.lines)).toMatchObject([{ model: 'codex/gpt' }])
})

test('a turn that replies and says nothing else has handled its message', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('where is it?')
  const worker = manual.start(async () => {
    await replyBy(manual, message, 'in the attic')
    return { type: 'ended', text: '' }
  })
  await manual.until(() => manual.isIdle())
  expect(worker.orders).toHaveLength(1)
})

test('a turn without a word has failed, but not for those that it replied to or that want no reply', async () => {
  const manual = await openManualWorker()
  const [first, second] = [await manual.send('one'), await manual.send('two')]
  await manual.send('for you to know', { expectsReply: false })
  const worker = manual.start(async (_order, _signal, number) => {
    if (number > 1) return { type: 'ended', text: 'at last' }
    await replyBy(manual, first, 'one it is')
    return { type: 'ended', text: ' ' }
  })
  await manual.until(() => manual.isIdle())
  expect(worker.orders[1]?.prompt).toContain('A message has come')
  expect(await manual.replies(first)).toMatchObject([{ body: 'one it is' }])
  expect(await manual.replies(second)).toMatchObject([{ body: 'at last' }])
})

test.each([
  ['in threads of their own', {}],
  ['in one thread', { thread: 'shared' }],
])('two senders, %s, get a turn each, in the order of their messages', async (_title, where) => {
  const manual = await openManualWorker()
  const first = await manual.send('one', where)
  const second = await manual.send('two', { from: 'bob', ...where })
  const worker = manual.start(({ prompt }) => ({
    type: 'ended',
    text: prompt.includes('from bob@box') && !prompt.includes('from ann@box') ? 'for bob' : 'for ann',
    session: 's1',
  }))
  await manual.until(() => manual.isIdle())
  expect(turnsOf(worker.lines).map(({ messages }) => messages)).toEqual([[first.id], [second.id]])
  expect(await manual.replies(first)).toMatchObject([{ to: 'ann', body: 'for ann' }])
  expect(await manual.replies(second)).toMatchObject([{ to: 'bob', body: 'for bob' }])
})

test('what comes in a thread during a turn is handled in the next one, together, in the same session', async () => {
  const manual = await openManualWorker()
  const { thread } = await manual.send('one')
  const worker = manual.start(async (_order, _signal, number) => {
    if (number === 1) for (const body of ['two', 'three']) await manual.send(body, { thread })
    return { type: 'ended', text: 'ok', session: 's1' }
  })
  await manual.until(async () => worker.orders.length > 1 && (await manual.isIdle()))
  expect(worker.orders).toMatchObject([
    { session: { type: 'new' } },
    { session: { type: 'known', id: 's1' } },
  ])
  expect(worker.orders[1]?.prompt).toMatch(/\| two[^]*\| three/)
})

test('replicas share a burst: none has two messages while another has none', async () => {
  const manual = await openManualWorker()
  const open: (() => void)[] = []
  const waits: Script = ({ prompt }) =>
    new Promise((resolve) => {
      const [, said = ''] = /\| (no\. \d)/.exec(prompt) ?? []
      open.push(() => {
        resolve({ type: 'ended', text: `answer to ${said}`, session: 's1' })
      })
    })
  const replicas = [manual.start(waits), manual.start(waits), manual.start(waits)]
  const sent = []
  for (let number = 1; number <= 9; number += 1) sent.push(await manual.send(`no. ${String(number)}`))
  for (let round = 1; round <= 3; round += 1) {
    await manual.until(() => replicas.every(({ orders }) => orders.length === round))
    for (const end of open.splice(0)) end()
  }
  await manual.until(() => manual.isIdle())
  for (const message of sent)
    expect(await manual.replies(message)).toMatchObject([{ body: `answer to ${message.body}` }])
})

test('an event that wakes is a turn, and gets no reply', async () => {
  const manual = await openManualWorker()
  const from = { name: 'ann', host: 'box', through: 'agent' } as const
  const worker = manual.start(says('noted'))
  await manual.mail.publish({ from, topic: 'ci.main', severity: 'info', body: 'green' })
  const { to } = await manual.mail.publish({ from, topic: 'ci.main', severity: 'high', body: 'red' })
  expect(to).toContain('docs')
  await manual.until(() => turnsOf(worker.lines).length > 0)
  expect(worker.orders[0]?.prompt).toContain('| red')
  expect(worker.orders[0]?.prompt).not.toContain('| green')
  expect((await manual.mail.inbox('ann')).filter(({ kind }) => kind === 'direct')).toEqual([])
})

test('a turn that always fails is tried again with backoff, then its sender gets a notice', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('do it')
  const began: number[] = []
  const worker = manual.start(() => {
    began.push(manual.clock.now())
    return { type: 'failed', failure: { reason: 'crashed', message: 'exit 1' } }
  })
  await manual.until(() => manual.isIdle())
  expect(await manual.mail.dead({ agent: 'docs' })).toMatchObject([
    { id: message.id, tries: 5, failure: 'exit 1' },
  ])
  expect(await manual.replies(message)).toMatchObject([{ kind: 'notice', to: 'ann' }])
  const gaps = began.slice(1).map((at, index) => at - (began[index] ?? 0))
  expect(gaps.every((gap, index) => gap >= 2_000 * 2 ** index)).toBe(true)
  expect(turnsOf(worker.lines)).toMatchObject(Array(5).fill({ outcome: 'failed', error: 'crashed: exit 1' }))
})

test('a message that fails does not take its neighbours with it', async () => {
  const manual = await openManualWorker()
  const good = [await manual.send('one', { thread: 't' })]
  const bad = await manual.send('poison', { thread: 't' })
  good.push(await manual.send('three', { thread: 't' }))
  const worker = manual.start(({ prompt }) =>
    /Now handle[^]*poison/.test(prompt)
      ? { type: 'failed', failure: { reason: 'bad-request', message: 'refused' } }
      : { type: 'ended', text: 'ok' },
  )
  await manual.until(() => manual.isIdle())
  for (const message of good) expect(await manual.replies(message)).toMatchObject([{ body: 'ok' }])
  expect(await manual.mail.dead({ agent: 'docs' })).toMatchObject([{ id: bad.id }])
  expect(turnsOf(worker.lines).map(({ messages }) => messages.length)).toEqual([3, 1, 1, 1, 1, 1, 1])
})

test('a turn over its deadline has failed', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('do it')
  manual.start((_order, _signal, number) =>
    number === 1 ? { type: 'timed-out', session: 's1' } : { type: 'ended', text: 'done' },
  )
  await manual.until(() => answered(manual, message))
  const [handled] = await manual.mail.thread(message.thread)
  expect(handled).toMatchObject({ tries: 1, failure: 'no answer within 10 min' })
})

test('a turn that somebody stops has failed', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('do it')
  manual.start((_order, _signal, number) =>
    number === 1 ? { type: 'stopped' } : { type: 'ended', text: 'done' },
  )
  await manual.until(() => answered(manual, message))
  expect(await manual.mail.thread(message.thread)).toMatchObject([
    { failure: 'somebody stopped the turn' },
    {},
  ])
})

test('final words that are too long for a message are cut', async () => {
  const manual = await openManualWorker()
  const message = await manual.send('tell all')
  manual.start(says('x'.repeat(2_000)), { maxBytes: 1_000 })
  await manual.until(() => answered(manual, message))
  const [reply] = await manual.replies(message)
  expect(Buffer.byteLength(reply?.body ?? '')).toBe(1_000)
})

test('two workers that write to each other come to an end', async () => {
  const manual = await openManualWorker()
  const docs = manual.start(says('thank you'))
  const tests = manual.start(says('you are welcome'), { name: 'tests' })
  const message = await manual.send('hello', { from: 'tests' })
  await manual.until(
    async () => tests.orders.length > 0 && (await manual.isIdle()) && (await manual.isIdle('tests')),
  )
  expect([docs.orders.length, tests.orders.length]).toEqual([1, 1])
  expect(await manual.mail.thread(message.thread)).toHaveLength(2)
})

test('a message that is dropped while its turn runs needs no reply', async () => {
  const manual = await openManualWorker()
  await manual.send('do it')
  const reply = () => Promise.reject(new SubagentError('unknown-message', 'dropped'))
  const worker = manual.start(says('ok'), { mail: { reply }, once: true })
  expect(await worker.end).toEqual({ type: 'once', result: 'handled' })
})

test('what does not go into a turn is for another replica immediately', async () => {
  const manual = await openManualWorker()
  for (const body of ['one', 'two']) await manual.send(body)
  const first = manual.start(never)
  await manual.until(() => first.orders.length === 1)
  const second = manual.start(says('ok'))
  await manual.until(() => second.orders.length === 1)
  expect(first.orders[0]?.prompt).toContain('| one')
  expect(second.orders[0]?.prompt).toContain('| two')
})
