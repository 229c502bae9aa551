import { expect, it } from 'vitest'
import { sender, type Bench } from './mailbox-bench.test.support.js'

/** Tests of sending: recipients, texts, replies and events. */
export function describeSending(bench: Bench): void {
  describeRecipients(bench)
  describeTexts(bench)
  describeReplies(bench)
  describeModels(bench)
  describeEvents(bench)
  describeTopics(bench)
}

function describeRecipients(bench: Bench): void {
  const { mailbox, register, send, next } = bench

  it('keeps a message with all its fields until it is taken', async () => {
    await register()
    const { message, repeated } = await send('hello')
    expect(repeated).toBe(false)
    expect(message).toMatchObject({
      kind: 'direct',
      to: 'worker',
      body: 'hello',
      status: 'waiting',
      tries: 0,
    })
    expect(message).toMatchObject({ from: sender('asker'), expectsReply: true, thread: message.id })
    expect(await mailbox().inbox('worker')).toEqual([message])
    const batch = await next()
    expect(batch?.messages).toEqual([{ ...message, status: 'held' }])
    expect(await mailbox().acknowledge(batch?.take ?? '')).toEqual([message.id])
    expect(await mailbox().inbox('worker')).toEqual([])
    expect(await mailbox().thread(message.thread)).toEqual([{ ...message, status: 'handled' }])
  })

  it('refuses an unknown recipient, and names the known ones', async () => {
    await register()
    const refused = send('hello', { to: 'nobody' })
    await expect(refused).rejects.toMatchObject({
      code: 'unknown-recipient',
      hint: 'known are: worker',
    })
    expect(await mailbox().agents()).toHaveLength(1)
  })

  it('knows a sender that never registered', async () => {
    await register()
    await send('hello')
    await mailbox().send({ from: sender('worker'), to: 'asker', body: 'and you?' })
    expect(
      (await mailbox().agents()).map(({ name, handlers, waiting }) => [name, handlers.length, waiting]),
    ).toEqual([
      ['asker', 0, 1],
      ['worker', 1, 1],
    ])
  })
}

/** Tests of message texts: keys against repetition, length, masked secrets. */
function describeTexts(bench: Bench): void {
  const { mailbox, register, send, take } = bench

  it('sends once for each sender and key, and refuses the key for another text', async () => {
    await register()
    const first = await send('pay', { key: 'order 7' })
    const second = await send('pay', { key: 'order 7' })
    expect(second).toEqual({ message: first.message, repeated: true })
    await expect(send('pay twice', { key: 'order 7' })).rejects.toMatchObject({ code: 'invalid-parameter' })
    await mailbox().send({ from: sender('other'), to: 'worker', body: 'mine', key: 'order 7' })
    expect((await take()).texts).toEqual(['pay', 'mine'])
  })

  it('refuses a too long or empty text, and says what to do instead', async () => {
    await register()
    const long = 'ä'.repeat(501)
    const words = 'the message has 1002 bytes; at most 1000 are sent'
    await expect(send(long)).rejects.toMatchObject({
      code: 'invalid-parameter',
      message: words,
      hint: 'put it in a file and name its path',
    })
    await expect(send(' \n')).rejects.toMatchObject({ code: 'invalid-parameter' })
    await send('ä'.repeat(500))
    const event = { from: sender('ci'), topic: 'ci.main', severity: 'high', body: long } as const
    await expect(mailbox().publish(event)).rejects.toMatchObject({ code: 'invalid-parameter' })
  })

  it.each(['', 'Worker', '../x', 'a b', '-x', 'mailbox', 'a'.repeat(65)])(
    'refuses %j as a name',
    async (name) => {
      await expect(register({ name })).rejects.toMatchObject({ code: 'invalid-parameter' })
      await expect(send('hello', { to: name })).rejects.toMatchObject({ code: 'invalid-parameter' })
      await expect(send('hello', { from: sender(name) })).rejects.toMatchObject({ code: 'invalid-parameter' })
    },
  )

  it('masks secrets before it stores a text, and stores all of a text with a NUL', async () => {
    await register()
    await send('one\0two')
    expect((await take()).texts).toEqual(['one\u{fffd}two'])
    const { message } = await send(`the key is AKIA${'A1B2'.repeat(4)}`)
    expect(message.body).toBe('the key is [masked: AWS key]')
    const reply = { from: sender('worker'), message: message.id, body: `Bearer ${'abc123'.repeat(5)}` }
    expect((await mailbox().reply(reply)).message.body).toBe('Bearer [masked]')
  })
}

/** Tests of replies; a message has at most one. */
function describeReplies(bench: Bench): void {
  const { mailbox, register, send } = bench

  it('sends a reply to the sender in the same thread, and expects no reply to it', async () => {
    await register()
    const { message } = await send('2 + 2?')
    const { message: reply } = await mailbox().reply({
      from: sender('worker'),
      message: message.id,
      body: '4',
    })
    expect(reply).toMatchObject({
      to: 'asker',
      thread: message.thread,
      replyTo: message.id,
      expectsReply: false,
    })
    expect((await mailbox().thread(message.thread)).map(({ body, repliedBy }) => [body, repliedBy])).toEqual([
      ['2 + 2?', reply.id],
      ['4', undefined],
    ])
  })

  it('keeps the first reply to a message, whatever later replies say', async () => {
    await register()
    const { message } = await send('2 + 2?')
    const first = await mailbox().reply({ from: sender('worker'), message: message.id, body: '4' })
    const second = await mailbox().reply({ from: sender('worker'), message: message.id, body: '5' })
    expect(second).toEqual({ message: first.message, repeated: true })
    expect((await mailbox().inbox('asker')).map(({ body }) => body)).toEqual(['4'])
  })

  it('accepts replies from the recipient only, and only to existing messages', async () => {
    await register()
    const { message } = await send('2 + 2?')
    const reply = { from: sender('stranger'), message: message.id, body: '5' }
    await expect(mailbox().reply(reply)).rejects.toMatchObject({ code: 'invalid-parameter' })
    const lost = { from: sender('worker'), message: 'lost', body: '5' }
    await expect(mailbox().reply(lost)).rejects.toMatchObject({ code: 'unknown-message' })
    await expect(mailbox().thread('lost')).rejects.toMatchObject({ code: 'unknown-message' })
  })
}

/** Tests of the provider and model that a reply names. */
function describeModels({ mailbox, register, send }: Bench): void {
  it('stores the model of a reply, also when only the repeated reply names it', async () => {
    await register()
    const [one, other] = [(await send('2 + 2?')).message.id, (await send('3 + 3?')).message.id]
    const worker = { ...sender('worker'), model: 'codex/gpt' }
    const { message } = await mailbox().reply({ from: worker, message: one, body: '4' })
    expect(message.from).toEqual(worker)
    const { message: first } = await mailbox().reply({ from: sender('worker'), message: other, body: '6' })
    expect(first.from).toEqual(sender('worker'))
    const again = await mailbox().reply({ from: worker, message: other, body: '7' })
    expect(again).toEqual({ message: { ...first, from: worker }, repeated: true })
    const late = { ...worker, model: 'claude/opus' }
    await mailbox().reply({ from: late, message: one, body: '4' })
    expect((await mailbox().inbox('asker')).map(({ from }) => from)).toEqual([worker, worker])
  })
}

/** Tests of events: their subscribers, severities and projects. */
function describeEvents(bench: Bench): void {
  const { mailbox, register, take, next } = bench

  it('sends an event to all subscribers of its topic except its sender', async () => {
    await register({ topics: ['ci.*'] })
    await register({ name: 'deep', topics: ['ci.>'] }, 'd1')
    await register({ name: 'all', topics: ['>'] }, 'a1')
    await register({ name: 'none', topics: ['deploy.>'] }, 'n1')
    const publish = (topic: string) =>
      mailbox().publish({ from: sender('all'), topic, severity: 'high', body: 'red', key: topic })
    const first = await publish('ci.main')
    expect(first).toMatchObject({ to: ['deep', 'worker'], repeated: false })
    expect(await publish('ci.main')).toEqual({ ...first, repeated: true })
    expect((await publish('ci.main.build')).to).toEqual(['deep'])
    expect((await publish('ci')).to).toEqual([])
    expect((await next())?.messages).toMatchObject([
      { kind: 'event', topic: 'ci.main', severity: 'high', body: 'red', expectsReply: false },
    ])
  })

  it('wakes an agent by events of at least its severity; other events are only in its inbox', async () => {
    await register({ topics: ['>'], wakes: 'medium' })
    for (const severity of ['info', 'low', 'medium', 'critical'] as const) {
      await mailbox().publish({ from: sender('ci'), topic: 'ci', severity, body: severity })
    }
    expect((await take()).texts).toEqual(['medium', 'critical'])
    expect((await mailbox().inbox('worker')).map(({ body }) => body)).toEqual([
      'info',
      'low',
      'medium',
      'critical',
    ])
    const read = await mailbox().read({ agent: 'worker' })
    expect(read.map(({ body, status }) => [body, status])).toEqual([
      ['info', 'handled'],
      ['low', 'handled'],
    ])
  })
}

/** Tests of valid and invalid topics and patterns. */
function describeTopics(bench: Bench): void {
  const { mailbox, register, next } = bench

  it('does not send an event about a project to subscribers of another project only', async () => {
    await register({ name: 'own', project: '/own', topics: ['project:>'] }, 'o1')
    await register({ name: 'ours', project: '/own', topics: ['project:ci.>', 'deploy'] }, 'o2')
    await register({ name: 'other', project: '/other', topics: ['project:>'] }, 'o3')
    await register({ name: 'all', project: '/other', topics: ['>'] }, 'o4')
    const publish = async (topic: string, about: { project?: string }) => {
      const event = { from: sender('ci'), topic, severity: 'high', body: 'red', ...about } as const
      return (await mailbox().publish(event)).to
    }
    expect(await publish('ci.main', { project: '/own' })).toEqual(['all', 'ours', 'own'])
    expect(await publish('deploy', { project: '/other' })).toEqual(['all', 'other', 'ours'])
    expect(await publish('ci.main', {})).toEqual(['all', 'other', 'ours', 'own'])
    expect((await next({ agent: 'other', instance: 'o3' }))?.messages).toMatchObject([
      { topic: 'deploy' },
      { topic: 'ci.main' },
    ])
  })

  it.each(['', 'a..b', 'a.*', '>', 'a b'])('refuses %j as the topic of an event', async (topic) => {
    const event = { from: sender('ci'), topic, severity: 'high', body: 'red' } as const
    await expect(mailbox().publish(event)).rejects.toMatchObject({ code: 'invalid-parameter' })
  })

  it('refuses an invalid topic pattern', async () => {
    await expect(register({ topics: ['project:'] })).rejects.toMatchObject({ code: 'invalid-parameter' })
    await expect(register({ topics: ['ci.>.x'] })).rejects.toMatchObject({ code: 'invalid-parameter' })
  })
}
