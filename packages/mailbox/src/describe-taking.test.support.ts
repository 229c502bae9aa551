import { expect, it } from 'vitest'
import { leaseMs, longerThanLeaseMs, sender, type Bench } from './mailbox-bench.test.support.js'

/** Tests of taking messages: order, leases, handlers that leave, replies, views and names. */
export function describeTaking(bench: Bench): void {
  describeOrder(bench)
  describeLeases(bench)
  describeGoing(bench)
  describeReplied(bench)
  describeNames(bench)
  describeViews(bench)
}

/** Tests of the order and number of taken messages. */
function describeOrder(bench: Bench): void {
  const { mailbox, register, send, take } = bench

  it('takes waiting messages together, oldest first, up to the limit', async () => {
    await register()
    for (const text of ['1', '2', '3']) await send(text)
    expect((await take({ limit: 2 })).texts).toEqual(['1', '2'])
    expect((await take({ instance: 'w2' })).texts).toEqual(['3'])
  })

  it('never delivers a message to two handlers', async () => {
    await register()
    for (let number = 0; number < 40; number += 1) await send(String(number))
    const takers = Array.from({ length: 8 }, (_, index) =>
      take({ instance: `w${index}`, limit: 7, leaseMs: 60_000 }),
    )
    const texts = (await Promise.all(takers)).flatMap((taken) => taken.texts)
    expect(texts.toSorted((one, other) => Number(one) - Number(other))).toEqual(
      Array.from({ length: 40 }, (_, number) => String(number)),
    )
  })

  it('holds back later messages of a thread with a held message', async () => {
    await register()
    await send('1', { thread: 't' })
    const first = await take()
    await send('2', { thread: 't' })
    await send('3', { thread: 'u' })
    const second = await take({ instance: 'w2' })
    expect([first.texts, second.texts]).toEqual([['1'], ['3']])
    await mailbox().acknowledge(first.take)
    expect((await take({ instance: 'w3' })).texts).toEqual(['2'])
  })

  it('takes only messages of the requested thread', async () => {
    await register()
    await send('1', { thread: 't' })
    await send('2', { thread: 'u' })
    expect((await take({ thread: 'u' })).texts).toEqual(['2'])
    expect((await take({ thread: 'none', instance: 'w2' })).texts).toEqual([])
  })
}

function describeLeases(bench: Bench): void {
  const { mailbox, register, send, take, next, pass } = bench

  it('delivers messages of an ended lease to another handler, and counts a try', async () => {
    await register()
    await send('1')
    const lost = await take({ leaseMs })
    await pass(longerThanLeaseMs)
    const batch = await next({ instance: 'w2' })
    expect(batch?.messages).toMatchObject([{ body: '1', tries: 1, failure: 'its lease ran out' }])
    expect(await mailbox().renew(lost.take, leaseMs)).toBe(false)
    expect(await mailbox().acknowledge(lost.take)).toEqual([])
    expect(await mailbox().acknowledge(batch?.take ?? '')).toHaveLength(1)
  })

  it('holds messages longer when their lease is renewed', async () => {
    await register()
    await send('1')
    const held = await take({ leaseMs })
    expect(await mailbox().renew(held.take, 60_000)).toBe(true)
    await pass(longerThanLeaseMs)
    expect((await take({ instance: 'w2' })).texts).toEqual([])
    expect(await mailbox().acknowledge(held.take)).toHaveLength(1)
    expect(await mailbox().renew(held.take, leaseMs)).toBe(false)
  })

  it('acknowledges a part of a batch, and answers a repeated acknowledge alike', async () => {
    await register()
    const { message } = await send('1')
    await send('2')
    const held = await take()
    expect(await mailbox().acknowledge(held.take, [message.id])).toEqual([message.id])
    expect(await mailbox().acknowledge(held.take, [message.id])).toEqual([message.id])
    await mailbox().release(held.take)
    expect((await take({ instance: 'w2' })).texts).toEqual(['2'])
  })

  it('delivers messages to the instance that still held them again, without counting a try', async () => {
    await register()
    await send('1')
    await take()
    const again = await next()
    expect(again?.messages).toMatchObject([{ body: '1', tries: 0 }])
  })
}

/** Tests of messages whose handler leaves or dies. */
function describeGoing(bench: Bench): void {
  const { mailbox, register, send, take, next, die } = bench

  it('delivers the messages of a handler that left to the next immediately, as a failed try', async () => {
    await register()
    await send('1')
    await take()
    await mailbox().leave('w1')
    await mailbox().leave('w1')
    expect((await next({ instance: 'w2' }))?.messages).toMatchObject([
      { body: '1', tries: 1, failure: 'its handler ended' },
    ])
    expect(await mailbox().agents()).toMatchObject([{ name: 'asker' }, { name: 'worker', handlers: [] }])
  })

  it('delivers the messages of a handler whose process is gone to the next handler', async () => {
    await register()
    await send('1')
    await take({ leaseMs: 3_600_000 })
    die('w1')
    expect((await take({ instance: 'w2' })).texts).toEqual(['1'])
    expect(await mailbox().agents()).toMatchObject([{ name: 'asker' }, { name: 'worker', handlers: [] }])
  })
}

function describeReplied(bench: Bench): void {
  const { mailbox, register, send, take } = bench

  it('does not deliver a message again that has a reply and no acknowledge', async () => {
    await register()
    const { message } = await send('2 + 2?')
    await send('3 + 3?', { thread: message.thread })
    await take()
    await mailbox().reply({ from: sender('worker'), message: message.id, body: '4' })
    await mailbox().leave('w1')
    expect((await take({ instance: 'w2' })).texts).toEqual(['3 + 3?'])
    expect((await mailbox().thread(message.thread))[0]).toMatchObject({ status: 'handled', tries: 0 })
  })

  it('counts a message as handled that was replied to but never taken', async () => {
    await register()
    const { message } = await send('2 + 2?')
    await mailbox().reply({ from: sender('worker'), message: message.id, body: '4' })
    expect((await take()).texts).toEqual([])
    expect(await mailbox().inbox('worker')).toEqual([])
  })
}

/** Tests that all handlers of an agent name work on one project. */
function describeNames(bench: Bench): void {
  const { mailbox, register, die } = bench

  it('keeps an agent name in one project while handlers there have it', async () => {
    await register()
    const other = { project: '/work/other' }
    await expect(register(other, 'w2')).rejects.toMatchObject({ code: 'name-taken' })
    await expect(register(other, 'w2')).rejects.toThrow('/work/tree')
    await register({ capabilities: [] }, 'w2')
    await register(other, 'w2').catch(() => undefined)
    die('w1')
    await register(other, 'w2')
    expect(await mailbox().agents()).toMatchObject([
      { project: '/work/other', handlers: [{ instance: 'w2' }] },
    ])
  })
}

/** Tests of reading an inbox, of an agent's threads, and of a second mailbox. */
function describeViews(bench: Bench): void {
  const { mailbox, register, send, take, next, open } = bench

  it('marks messages that nobody holds as handled when they are read', async () => {
    await register()
    const held = await send('1', { thread: 't' })
    const seen = await send('2', { thread: 'u' })
    await send('3', { thread: 'v' })
    await take({ thread: 't' })
    const ids = [held.message.id, seen.message.id]
    expect((await mailbox().read({ agent: 'worker', ids })).map(({ body }) => body)).toEqual(['2'])
    expect((await mailbox().read({ agent: 'worker' })).map(({ body }) => body)).toEqual(['3'])
    expect((await mailbox().inbox('worker')).map(({ body, status }) => [body, status])).toEqual([
      ['1', 'held'],
    ])
  })

  it('lists the threads of an agent, newest first', async () => {
    await register()
    await send('1', { thread: 't' })
    await send('2', { thread: 'u' })
    await mailbox().send({ from: sender('asker'), to: 'asker', body: 'note', thread: 'own' })
    await send('3', { thread: 't' })
    expect(await mailbox().threads({ agent: 'worker' })).toMatchObject([
      { id: 't', agents: ['asker', 'worker'], messages: 2, waiting: 2, last: '3' },
      { id: 'u', messages: 1 },
    ])
    expect((await mailbox().threads({})).map(({ id }) => id)).toEqual(['t', 'own', 'u'])
    expect(await mailbox().threads({ limit: 1 })).toHaveLength(1)
  })

  it('shows the same messages through every opened mailbox', async () => {
    const other = await open()
    await register()
    await send('1')
    await expect.poll(async () => (await other.inbox('worker')).length).toBe(1)
    const batch = await next({ instance: 'w2', leaseMs: 60_000 }, other)
    expect(batch?.messages).toMatchObject([{ body: '1' }])
    expect((await take()).texts).toEqual([])
    await other.acknowledge(batch?.take ?? '')
    await expect.poll(async () => (await mailbox().inbox('worker')).length).toBe(0)
    expect(await mailbox().health()).toMatchObject({ reachable: true })
  })
}
