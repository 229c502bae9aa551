import { expect, it } from 'vitest'
import { sender, type Bench } from './mailbox-bench.test.support.js'

/** Tests of messages that cannot be handled: retries, dead letters, retention. */
export function describeFailing(bench: Bench): void {
  describeTries(bench)
  describeDeadLetters(bench)
  describeAfterDeath(bench)
  describeRevived(bench)
  describeRetention(bench)
}

/** Tests of released messages and their retries. */
function describeTries(bench: Bench): void {
  const { mailbox, register, send, take, next, pass } = bench

  it('makes a released message takable immediately, without counting a try', async () => {
    await register()
    await send('1')
    await mailbox().release((await take()).take)
    expect((await next({ instance: 'w2' }))?.messages).toMatchObject([{ body: '1', tries: 0 }])
  })

  it('delays the retry of a failed message, and holds back its thread meanwhile', async () => {
    await register()
    const { message } = await send('1', { thread: 't' })
    await send('2', { thread: 't' })
    await send('3', { thread: 'u' })
    const held = await take({ leaseMs: 60_000 })
    await mailbox().release(held.take, { ids: [message.id], failure: 'no idea' })
    await mailbox().release(held.take)
    const meanwhile = await take()
    expect(meanwhile.texts).toEqual(['3'])
    await mailbox().acknowledge(meanwhile.take)
    await pass(400)
    expect((await next())?.messages).toMatchObject([
      { body: '1', tries: 1, failure: 'no idea' },
      { body: '2', tries: 0 },
    ])
  })
}

function describeDeadLetters(bench: Bench): void {
  const { mailbox, register, send, take, pass } = bench

  it('makes a message that failed too often a dead letter, and notifies its sender', async () => {
    await register()
    const { message } = await send('1')
    await failAll(bench)
    expect((await take()).texts).toEqual([])
    expect(await mailbox().dead({})).toMatchObject([
      { id: message.id, status: 'dead', tries: 3, failure: 'no idea' },
    ])
    expect(await mailbox().dead({ agent: 'asker' })).toEqual([])
    expect(await mailbox().inbox('asker')).toMatchObject([
      {
        kind: 'notice',
        replyTo: message.id,
        thread: message.thread,
        from: { through: 'mailbox' },
        expectsReply: false,
      },
    ])
    expect((await mailbox().inbox('asker'))[0]?.body).toContain('no idea')
    expect((await mailbox().agents()).map(({ name, waiting, dead }) => [name, waiting, dead])).toEqual([
      ['asker', 1, 0],
      ['worker', 0, 1],
    ])
  })

  it('makes a message whose leases ended too often a dead letter', async () => {
    await register()
    await send('1')
    for (let tries = 0; tries < 3; tries += 1) {
      expect((await take({ leaseMs: 100, waitMs: 20_000, instance: `w${tries}` })).texts).toEqual(['1'])
      await pass(300)
    }
    expect((await take()).texts).toEqual([])
    expect(await mailbox().dead({})).toMatchObject([{ tries: 3, failure: 'its lease ran out' }])
    expect(await mailbox().inbox('asker')).toHaveLength(1)
  })
}

/** Tests of what follows a dead letter: no notice about a notice, and the next message of the thread. */
function describeAfterDeath(bench: Bench): void {
  const { mailbox, register, send, next, pass } = bench

  it('sends no notice about an unhandled notice, and accepts no reply to a notice', async () => {
    await register({ name: 'asker' }, 'a1')
    await register()
    await send('1')
    await failAll(bench)
    const [notice] = await mailbox().inbox('asker')
    const reply = { from: sender('asker'), message: notice?.id ?? '', body: 'oh' }
    await expect(mailbox().reply(reply)).rejects.toMatchObject({ code: 'invalid-parameter' })
    for (let tries = 0; tries < 3; tries += 1) {
      const batch = await next({ agent: 'asker', instance: 'a1', leaseMs: 60_000 })
      await mailbox().release(batch?.take ?? '', { failure: 'no idea' })
      await pass(400)
    }
    expect((await mailbox().dead({})).map(({ kind }) => kind)).toEqual(['notice', 'direct'])
    expect((await mailbox().agents()).map(({ name }) => name)).toEqual(['asker', 'worker'])
  })

  it('delivers the rest of a thread after a dead letter', async () => {
    await register()
    await send('1', { thread: 't' })
    const { message } = await send('2', { thread: 't' })
    for (let tries = 0; tries < 3; tries += 1) {
      const batch = await next({ leaseMs: 60_000, limit: 1 })
      expect(batch?.messages).toMatchObject([{ body: '1' }])
      await mailbox().release(batch?.take ?? '', { failure: 'no idea' })
      await pass(400)
    }
    expect((await next())?.messages).toMatchObject([{ id: message.id }])
  })
}

function describeRevived(bench: Bench): void {
  const { mailbox, register, send } = bench

  it('delivers a revived dead letter again, with all its tries', async () => {
    await register()
    const { message } = await send('1')
    await failAll(bench)
    const { failure: _, ...revived } = await mailbox().revive(message.id)
    expect(revived).toEqual({ ...message, status: 'waiting', tries: 0 })
    await expect(mailbox().revive(message.id)).rejects.toMatchObject({ code: 'unknown-message' })
    await failAll(bench, 'still none')
    expect(await mailbox().dead({})).toMatchObject([{ failure: 'still none', tries: 3 }])
    expect(await mailbox().inbox('asker')).toHaveLength(2)
  })

  it('accepts a late reply to a dead letter, which is then no dead letter', async () => {
    await register()
    const { message } = await send('1')
    await failAll(bench)
    await mailbox().reply({ from: sender('worker'), message: message.id, body: 'at last' })
    expect(await mailbox().dead({})).toEqual([])
    expect((await mailbox().inbox('asker')).map(({ kind }) => kind)).toEqual(['notice', 'direct'])
  })
}

/** Tests of the time that messages are kept. */
function describeRetention(bench: Bench): void {
  const { mailbox, register, send, take, pass, open } = bench

  it('deletes old messages, and sends a notice for each unhandled one', async () => {
    const short = await open({ keepMs: 500 })
    await register({ topics: ['>'] })
    const handled = await send('handled')
    await mailbox().acknowledge((await take()).take)
    const waiting = await send('waiting')
    await mailbox().publish({ from: sender('ci'), topic: 'ci', severity: 'info', body: 'old' })
    await expect.poll(async () => (await short.inbox('worker')).length).toBe(2)
    await short.tidy()
    expect(await short.inbox('worker')).toHaveLength(2)
    await pass(800)
    await short.tidy()
    expect(await short.inbox('worker')).toEqual([])
    await expect(short.thread(handled.message.thread)).rejects.toMatchObject({ code: 'unknown-message' })
    const unread = 'nobody handled it in the time that it is kept'
    expect(await short.dead({})).toMatchObject([{ id: waiting.message.id, failure: unread }])
    expect(await short.inbox('asker')).toMatchObject([{ kind: 'notice', replyTo: waiting.message.id }])
    await pass(800)
    await short.tidy()
    expect(await short.dead({})).toEqual([])
    expect(await short.inbox('asker')).toEqual([])
  })
}

/** Lets a message fail until no try is left, so that it becomes a dead letter. */
async function failAll({ mailbox, take, pass }: Bench, failure = 'no idea'): Promise<void> {
  for (let tries = 0; tries < 3; tries += 1) {
    await mailbox().release((await take({ leaseMs: 60_000 })).take, { failure })
    await pass(400)
  }
}
