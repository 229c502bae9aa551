import { expect, it } from 'vitest'
import { leaseMs, longerThanLeaseMs, sender, type Bench } from './mailbox-bench.test.support.js'
import type { MessageBatch } from './mailbox.js'

/** Tests of a waiting `next`, and of what ends it. */
export function describeWaiting(bench: Bench): void {
  describeEnds(bench)
  describeWakes(bench)
  describeOthers(bench)
  describeNews(bench)
  describeTwo(bench)
}

/** Tests of what ends a waiting `next`: a message, its time limit, its abort signal. */
function describeEnds(bench: Bench): void {
  const { mailbox, register, send, take, next, pass } = bench

  it('blocks until a message comes', async () => {
    await register()
    const waiting = next({ waitMs: 60_000 })
    expect(await isSettled(waiting)).toBe(false)
    await send('1')
    expect(textsOf(await waiting)).toEqual(['1'])
  })

  it('returns undefined when its time limit is over', async () => {
    await register()
    const waiting = next({ waitMs: 200 })
    expect(await isSettled(waiting)).toBe(false)
    await pass(400)
    expect(await waiting).toBeUndefined()
  })

  it('returns undefined when it is aborted, and leaves later messages to the next call', async () => {
    await register()
    const stop = new AbortController()
    const order = { agent: 'worker', instance: 'w1', leaseMs: 60_000, waitMs: 60_000 }
    const waiting = mailbox().next(order, stop.signal)
    expect(await isSettled(waiting)).toBe(false)
    stop.abort()
    expect(await waiting).toBeUndefined()
    await send('1')
    expect((await take({ instance: 'w2' })).texts).toEqual(['1'])
  })

  it('releases messages that it took while it was aborted', async () => {
    await register()
    await send('1')
    const stop = new AbortController()
    const order = { agent: 'worker', instance: 'w1', leaseMs: 3_600_000, waitMs: 60_000 }
    const waiting = mailbox().next(order, stop.signal)
    stop.abort()
    expect(await waiting).toBeUndefined()
    expect((await next({ instance: 'w2' }))?.messages).toMatchObject([{ body: '1', tries: 0 }])
  })
}

/** Tests that a waiting `next` wakes for a new message, the end of a lease and a due retry. */
function describeWakes(bench: Bench): void {
  const { mailbox, register, send, take, next, pass } = bench

  it('wakes one of two waiting calls for one message', async () => {
    await register()
    const both = [next({ waitMs: 1_000 }), next({ waitMs: 1_000, instance: 'w2' })]
    await send('1')
    const first = await Promise.race(both)
    expect(textsOf(first)).toEqual(['1'])
    await mailbox().acknowledge(first?.take ?? '')
    await pass(1_500)
    expect((await Promise.all(both)).flatMap(textsOf)).toEqual(['1'])
  })

  it('wakes when the lease of another handler ends', async () => {
    await register()
    await send('1')
    await take({ leaseMs })
    const waiting = next({ waitMs: 60_000, instance: 'w2' })
    expect(await isSettled(waiting)).toBe(false)
    await pass(longerThanLeaseMs)
    expect(textsOf(await waiting)).toEqual(['1'])
  })

  it('wakes when the retry of a failed message is due', async () => {
    await register()
    await send('1')
    await mailbox().release((await take()).take, { failure: 'no idea' })
    const waiting = next({ waitMs: 60_000 })
    expect(await isSettled(waiting)).toBe(false)
    await pass(400)
    expect(textsOf(await waiting)).toEqual(['1'])
  })
}

/** Tests that a waiting `next` wakes when another handler leaves, dies or acknowledges. */
function describeOthers(bench: Bench): void {
  const { mailbox, register, send, take, next, pass, die } = bench

  it('wakes when the handler that held the message leaves', async () => {
    await register()
    await send('1')
    await take({ leaseMs: 3_600_000 })
    const waiting = next({ waitMs: 60_000, instance: 'w2' })
    expect(await isSettled(waiting)).toBe(false)
    await mailbox().leave('w1')
    expect(textsOf(await waiting)).toEqual(['1'])
  })

  it('notices that the process of a handler that held a message is gone', async () => {
    await register()
    await send('1')
    await take({ leaseMs: 3_600_000 })
    const waiting = next({ waitMs: 60_000, instance: 'w2' })
    expect(await isSettled(waiting)).toBe(false)
    die('w1')
    await pass(5_500)
    expect(textsOf(await waiting)).toEqual(['1'])
  })

  it('wakes for an acknowledge that frees the thread', async () => {
    await register()
    await send('1', { thread: 't' })
    const first = await take({ leaseMs: 60_000 })
    await send('2', { thread: 't' })
    const waiting = next({ waitMs: 60_000, instance: 'w2' })
    expect(await isSettled(waiting)).toBe(false)
    await mailbox().acknowledge(first.take)
    expect(textsOf(await waiting)).toEqual(['2'])
  })
}

/** Tests of which events and messages wake a waiting `next`. */
function describeNews(bench: Bench): void {
  const { mailbox, register, send, next, pass, open } = bench

  it('wakes only for events of at least the severity of its agent', async () => {
    await register({ topics: ['ci.>'] })
    const waiting = next({ waitMs: 60_000 })
    const publish = (severity: 'info' | 'critical') =>
      mailbox().publish({ from: sender('ci'), topic: 'ci.main', severity, body: severity })
    await publish('info')
    expect(await isSettled(waiting)).toBe(false)
    await publish('critical')
    expect(textsOf(await waiting)).toEqual(['critical'])
  })

  it.each([
    { name: 'wakes for a message that was sent through a second mailbox', waitMs: 60_000, after: 3_100 },
    { name: 'sees at its end what was sent through a second mailbox before', waitMs: 1_000, after: 1_000 },
  ])('$name', async ({ waitMs, after }) => {
    const other = await open()
    await register()
    const waiting = next({ waitMs }, other)
    await send('1')
    await pass(after)
    expect(textsOf(await waiting)).toEqual(['1'])
  })
}

/** Tests of the reports of changes, and of the closing of a mailbox while a call waits. */
function describeTwo(bench: Bench): void {
  const { mailbox, register, send, next } = bench

  it('reports to listeners whose mail has changed', async () => {
    await register()
    const heard: string[] = []
    const stop = mailbox().onChange((agents) => heard.push(...agents))
    const { message } = await send('1')
    await mailbox().reply({ from: sender('worker'), message: message.id, body: 'done' })
    await expect.poll(() => heard).toEqual(['worker', 'asker'])
    stop()
    await send('2')
    expect(heard).toHaveLength(2)
  })

  it('returns undefined when the mailbox is closed; later calls reject', async () => {
    await register()
    const waiting = next({ waitMs: 60_000 })
    await mailbox().close()
    await mailbox().close()
    expect(await waiting).toBeUndefined()
    await expect(send('1')).rejects.toMatchObject({ code: 'mailbox-unreachable' })
  })
}

function textsOf(batch: MessageBatch | undefined): string[] {
  return (batch?.messages ?? []).map(({ body }) => body)
}

/** Whether a promise is settled after all pending callbacks have run that wait for no timer. */
async function isSettled(promise: Promise<unknown>): Promise<boolean> {
  let settled = false
  void promise.finally(() => {
    settled = true
  })
  for (let turn = 0; turn < 10; turn += 1) await new Promise(setImmediate)
  return settled
}
