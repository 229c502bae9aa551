import { mailPageSizes } from '@subagent-mcp/contract'
import { expect, it } from 'vitest'
import { sender, type Bench } from './mailbox-bench.test.support.js'
import type { MailboxMessage } from './mailbox.js'

/** Tests of the lists of a mailbox, their pages and their counts. */
export function describeLists(bench: Bench): void {
  describeInboxes(bench)
  describeThreads(bench)
  describeWaitingWork(bench)
  describeSizes(bench)
}

function describeInboxes(bench: Bench): void {
  const { mailbox, register, send, publish } = useEvents(bench)

  it('lists an inbox in pages that start after a message, oldest first', async () => {
    await register()
    for (const body of ['1', '2', '3', '4', '5']) await send(body)
    const first = await mailbox().inbox('worker', { limit: 2 })
    expect(texts(first)).toEqual(['1', '2'])
    const second = await mailbox().inbox('worker', { after: seqOf(first.at(-1)), limit: 2 })
    expect(texts(second)).toEqual(['3', '4'])
    expect(texts(await mailbox().inbox('worker', { after: seqOf(second.at(-1)) }))).toEqual(['5'])
    expect(await mailbox().count({ of: 'inbox', agent: 'worker' })).toBe(5)
    await mailbox().read({ agent: 'worker', ids: first.map(({ id }) => id) })
    expect(await mailbox().count({ of: 'inbox', agent: 'worker' })).toBe(3)
    expect(await mailbox().count({ of: 'inbox', agent: 'nobody' })).toBe(0)
  })

  it('lists all messages in the order of sending, whether they are handled or not', async () => {
    await register()
    for (const body of ['1', '2', '3']) await send(body)
    const [first] = await mailbox().read({ agent: 'worker', limit: 1 })
    expect(texts(await mailbox().sent({ limit: 2 }))).toEqual(['1', '2'])
    expect(texts(await mailbox().sent({ after: seqOf(first) }))).toEqual(['2', '3'])
  })

  it('lists quiet events, which never wake their agent, in pages that start after one', async () => {
    await register({ topics: ['>'], wakes: 'medium' })
    await send('direct')
    for (const severity of ['info', 'medium', 'low', 'critical'] as const) await publish(severity)
    const quiet = await mailbox().quiet('worker')
    expect(texts(quiet)).toEqual(['info', 'low'])
    expect(texts(await mailbox().quiet('worker', { limit: 1 }))).toEqual(['info'])
    expect(texts(await mailbox().quiet('worker', { after: seqOf(quiet[0]) }))).toEqual(['low'])
    await mailbox().read({ agent: 'worker', ids: quiet.slice(0, 1).map(({ id }) => id) })
    expect(texts(await mailbox().quiet('worker'))).toEqual(['low'])
  })
}

/** Tests of the list of threads, and of the pages of a thread. */
function describeThreads(bench: Bench): void {
  const { mailbox, register, send, take } = bench

  it('lists the end of a thread and the pages before it, oldest first', async () => {
    await register()
    for (const body of ['1', '2', '3', '4', '5']) await send(body, { thread: 't' })
    const last = await mailbox().thread('t', { limit: 2 })
    expect(texts(last)).toEqual(['4', '5'])
    const earlier = await mailbox().thread('t', { before: seqOf(last[0]), limit: 2 })
    expect(texts(earlier)).toEqual(['2', '3'])
    expect(texts(await mailbox().thread('t', { before: seqOf(earlier[0]) }))).toEqual(['1'])
    expect(await mailbox().thread('t', { before: 0 })).toEqual([])
    await expect(mailbox().thread('u', { before: 0 })).rejects.toMatchObject({ code: 'unknown-message' })
    expect(await mailbox().count({ of: 'thread', id: 't' })).toBe(5)
    expect(await mailbox().count({ of: 'thread', id: 'u' })).toBe(0)
  })

  it('lists and counts threads, the one with the newest message first', async () => {
    await register()
    await register({ name: 'other' }, 'o1')
    const { message } = await send('1', { thread: 't' })
    await send('2', { thread: 'u', to: 'other' })
    await take()
    await mailbox().reply({ from: sender('worker'), message: message.id, body: 'done' })
    const agents = ['asker', 'worker']
    expect(await mailbox().threads({ limit: 1 })).toMatchObject([
      { id: 't', agents, messages: 2, waiting: 2, last: 'done' },
    ])
    expect((await mailbox().threads({})).map(({ id }) => id)).toEqual(['t', 'u'])
    expect((await mailbox().threads({ agent: 'other' })).map(({ id }) => id)).toEqual(['u'])
    await mailbox().read({ agent: 'asker' })
    expect(await mailbox().threads({ agent: 'worker' })).toMatchObject([{ id: 't', waiting: 1 }])
    const counts = [undefined, 'asker', 'worker', 'nobody'].map((agent) =>
      mailbox().count({ of: 'threads', ...(agent !== undefined && { agent }) }),
    )
    expect(await Promise.all(counts)).toEqual([2, 2, 1, 0])
  })
}

function describeWaitingWork(bench: Bench): void {
  const { mailbox, register, send, take, publish } = useEvents(bench)

  it('lists agents with waiting work: its count, the newest message, the last three senders', async () => {
    await register({ topics: ['>'] })
    await register({ name: 'idle', topics: ['>'], wakes: 'critical' }, 'i1')
    expect(await mailbox().waiting()).toEqual([])
    for (const name of ['ann', 'bob', 'ann', 'eve', 'dan']) await send(name, { from: sender(name) })
    const { message } = await send('hi', { to: 'ann', from: sender('worker') })
    await publish('high')
    await publish('info')
    const [event] = (await mailbox().inbox('worker')).filter(({ body }) => body === 'high')
    expect(await mailbox().waiting()).toEqual([
      { agent: 'ann', messages: 1, newest: message.id, from: ['worker'] },
      { agent: 'worker', messages: 6, newest: event?.id, from: ['ci', 'dan', 'eve'] },
    ])
    const held = await take({ limit: 5, leaseMs: 60_000 })
    expect(await mailbox().waiting()).toMatchObject([{}, { messages: 1, newest: event?.id, from: ['ci'] }])
    await mailbox().release(held.take)
    expect(await mailbox().waiting()).toMatchObject([{}, { messages: 6 }])
    await take({ leaseMs: 60_000 })
    bench.die('w1')
    expect(await mailbox().waiting()).toMatchObject([{}, { messages: 6 }])
    await mailbox().read({ agent: 'worker' })
    expect(await mailbox().waiting()).toMatchObject([{ agent: 'ann' }])
  })
}

function describeSizes(bench: Bench): void {
  const { mailbox, register, send, take } = bench

  it('lists as many items as requested, by default no more than the default page', async () => {
    await register()
    for (let count = 0; count <= mailPageSizes.default; count += 1) await send(`${count}`, { thread: 't' })
    expect(await mailbox().inbox('worker')).toHaveLength(mailPageSizes.default)
    expect(await mailbox().thread('t')).toHaveLength(mailPageSizes.default)
    expect(await mailbox().inbox('worker', { limit: mailPageSizes.longest })).toHaveLength(
      mailPageSizes.default + 1,
    )
  })

  it('lists and counts dead letters, the newest first', async () => {
    await register()
    for (const body of ['1', '2', '3']) await send(body, { thread: body })
    for (let tries = 0; tries < 3; tries += 1) {
      await mailbox().release((await take({ leaseMs: 60_000 })).take, { failure: 'no' })
      await bench.pass(400)
    }
    expect(texts(await mailbox().dead({ limit: 2 }))).toEqual(['3', '2'])
    expect(texts(await mailbox().dead({ agent: 'worker' }))).toEqual(['3', '2', '1'])
    const counts = [undefined, 'asker', 'worker'].map((agent) =>
      mailbox().count({ of: 'dead', ...(agent !== undefined && { agent }) }),
    )
    expect(await Promise.all(counts)).toEqual([3, 0, 3])
  })

  it.each([0, 1.5, NaN, mailPageSizes.longest + 1])('refuses a page of %d', async (limit) => {
    await register()
    const { message } = await send('1')
    for (const look of [
      mailbox().inbox('worker', { limit }),
      mailbox().quiet('worker', { limit }),
      mailbox().thread(message.thread, { limit }),
      mailbox().threads({ limit }),
      mailbox().dead({ limit }),
    ]) {
      await expect(look).rejects.toMatchObject({ code: 'invalid-parameter' })
    }
  })
}

/** Adds the sending of events of all severities to the bench. */
function useEvents(bench: Bench) {
  const publish = (severity: 'info' | 'low' | 'medium' | 'high' | 'critical') =>
    bench.mailbox().publish({ from: sender('ci'), topic: 'ci', severity, body: severity })
  return { ...bench, publish }
}

function texts(messages: readonly MailboxMessage[]): string[] {
  return messages.map(({ body }) => body)
}

function seqOf(message: MailboxMessage | undefined): number {
  return message?.seq ?? 0
}
