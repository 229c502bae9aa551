import { getFactAgentId, parseJournaledFact } from '@subagent-mcp/core'
import { connect, createServer, type Socket } from 'node:net'
import { once } from 'node:events'
import { join } from 'node:path'
import { describe, expect, onTestFinished, test } from 'vitest'
import { connectDaemon, type DaemonFactsQuery, type NumberedFact } from '@subagent-mcp/client'
import { openStream } from './open-stream.test.support.js'
import { startManualDaemon, type ManualDaemon, pollUntil } from './manual-daemon.test.support.js'

describe('the event stream of facts', () => {
  test('begins with the journal and continues live, without gap or duplicate', async () => {
    const { client, launched } = await startManualDaemon()
    const { session } = await launched()
    const followed = follow(client, { after: 0 })
    session.sink({ type: 'message-ended', text: 'one' })
    await pollUntil(() => followed.texts().includes('one'))
    session.sink({ type: 'message-ended', text: 'two' })
    await pollUntil(() => followed.texts().includes('two'))
    expect(followed.texts()).toEqual(['one', 'two'])
    expect(followed.numbers()).toEqual(followed.numbers().map((_, index) => index + 1))
  })

  test('sends all facts of the journal, however many', async () => {
    const { client, launched } = await startManualDaemon()
    const { session } = await launched()
    const texts = Array.from({ length: 450 }, (_, index) => String(index))
    for (const text of texts) session.sink({ type: 'message-ended', text })
    const followed = follow(client, { after: 0 })
    await pollUntil(() => followed.texts().includes('449'))
    expect(followed.texts()).toEqual(texts)
  })

  test('skips facts of unknown kinds, however many, and does not end because of them', async () => {
    const { client, launched, facts } = await startManualDaemon()
    const { id, session } = await launched()
    for (const text of ['one', 'two']) {
      session.sink({ type: 'message-ended', text })
      for (let count = 0; count < 450; count += 1) facts.push({ type: 'dreamt', at: 1, agentId: id })
    }
    session.sink({ type: 'message-ended', text: 'three' })
    const followed = [id, undefined].flatMap((agentId) =>
      [true, false].map((isFollowed) =>
        follow(client, { after: 0, follow: isFollowed, ...(agentId !== undefined && { agentId }) }),
      ),
    )
    await pollUntil(() => followed.every(({ texts }) => texts().length === 3))
    session.sink({ type: 'message-ended', text: 'live' })
    await pollUntil(() => followed.filter(({ texts }) => texts().includes('live')).length === 2)
  })

  test('loses no fact of this daemon among those of other journal owners', async () => {
    const { client, server, launched, facts } = await startManualDaemon()
    const { session } = await launched()
    const others = (text: string): void => {
      const event = { type: 'message-ended', text }
      facts.push({ type: 'session-event-received', at: 1, agentId: 'theirs', turn: 1, event })
    }
    others('theirs')
    const followed = follow(client, { after: 0 })
    await pollUntil(() => followed.texts().includes('theirs') && server.connections() === 1)
    for (const text of ['one', 'two']) {
      others('theirs later')
      session.sink({ type: 'message-ended', text })
      others('theirs later')
    }
    await pollUntil(() => followed.texts().includes('two'))
    expect(followed.texts()).toEqual(['theirs', 'one', 'two'])
  })

  test('without follow ends with the journal', async () => {
    const { client, server, launched } = await startManualDaemon()
    const { id, session } = await launched()
    session.sink({ type: 'message-ended', text: 'all there is' })
    const followed = follow(client, { after: 0, agentId: id, follow: false })
    expect(await followed.end).toBe('ended')
    expect(followed.texts()).toEqual(['all there is'])
    await pollUntil(() => server.connections() === 0)
  })

  test('without a start sends only live facts; text in progress has no number', async () => {
    const { client, server, launched } = await startManualDaemon()
    const { session } = await launched()
    session.sink({ type: 'message-ended', text: 'old' })
    const followed = follow(client, {})
    await pollUntil(() => server.connections() === 1)
    session.sink({ type: 'text-delta', text: 'new' })
    await pollUntil(() => followed.seen.length === 1)
    expect(followed.seen[0]).toMatchObject({ fact: { event: { type: 'text-delta', text: 'new' } } })
    expect(followed.seen[0]).not.toHaveProperty('seq')
  })

  test('of one agent has only its facts, stored and live', async () => {
    const { client, launched } = await startManualDaemon()
    const [one, other] = [await launched(), await launched()]
    const followed = follow(client, { after: 0, agentId: one.id })
    await pollUntil(() => followed.seen.length >= 3)
    for (const text of ['a', 'b']) {
      other.session.sink({ type: 'message-ended', text: `not ${text}` })
      one.session.sink({ type: 'message-ended', text })
    }
    await pollUntil(() => followed.texts().includes('b'))
    expect(followed.texts()).toEqual(['a', 'b'])
    expect(
      new Set(
        followed.seen.map(({ fact }) => parseJournaledFact(fact)).map((fact) => fact && getFactAgentId(fact)),
      ),
    ).toEqual(new Set([one.id]))
  })

  test('continues after a broken connection without losing a fact', async () => {
    const daemon = await startManualDaemon()
    const { session } = await daemon.launched()
    const { client, cut } = await breakable(daemon)
    const followed = follow(client, {})
    await pollUntil(() => daemon.server.connections() === 1)
    session.sink({ type: 'message-ended', text: 'first' })
    await pollUntil(() => followed.texts().includes('first'))
    for (let count = 0; count < 20; count += 1) {
      if (count % 5 === 0) cut()
      session.sink({ type: 'message-ended', text: String(count) })
      await new Promise(setImmediate)
    }
    await pollUntil(() => followed.texts().includes('19'))
    const numbers = Array.from({ length: 20 }, (_, index) => String(index))
    expect(followed.texts()).toEqual(['first', ...numbers])
  })

  test('ends with its signal, and fails when the daemon is gone', async () => {
    const { client, server } = await startManualDaemon()
    const [ended, failed] = [follow(client, {}), follow(client, {})]
    await pollUntil(() => server.connections() === 2)
    ended.abort()
    expect(await ended.end).toBe('ended')
    await server.close()
    expect(await failed.end).toMatchObject({ code: 'daemon-unreachable' })
  })

  test('sends heartbeats, and first the number to continue from', async () => {
    const daemon = await startManualDaemon()
    const { read } = await openStream(daemon, {})
    await pollUntil(() => read() === 'id: 0\nevent: position\ndata: {}\n\n')
    daemon.clock.advance(15_000)
    daemon.clock.advance(15_000)
    await pollUntil(() => read() === 'id: 0\nevent: position\ndata: {}\n\n:\n\n:\n\n')
  })

  test('continues after the id in the Last-Event-ID header', async () => {
    const daemon = await startManualDaemon()
    await daemon.launched()
    const { read } = await openStream(daemon, { 'last-event-id': '2' })
    await pollUntil(() => read().includes('id: 3\nevent: session-opened\ndata: {'))
    expect(read()).not.toContain('id: 1\n')
    const { response } = await openStream(daemon, { 'last-event-id': 'two' })
    expect(response.statusCode).toBe(400)
  })

  test('notices that the journal is a new one with lower numbers', async () => {
    const { client, server, launched } = await startManualDaemon()
    const followed = follow(client, { after: 5_000 })
    await pollUntil(() => server.connections() === 1)
    await launched()
    await pollUntil(() => followed.seen.length > 2)
  })
})

type Followed = {
  seen: NumberedFact[]
  /** The texts of the whole messages among the facts, in order. */
  texts(): string[]
  numbers(): number[]
  abort(): void
  end: Promise<unknown>
}

function follow({ events }: ManualDaemon['client'], query: Omit<DaemonFactsQuery, 'signal'>): Followed {
  const seen: NumberedFact[] = []
  const ending = new AbortController()
  const run = async (): Promise<unknown> => {
    for await (const event of events({ ...query, signal: ending.signal })) seen.push(event)
    return 'ended'
  }
  const abort = (): void => {
    ending.abort()
  }
  onTestFinished(abort)
  return {
    seen,
    abort,
    end: run().catch((error: unknown) => error),
    numbers: () => seen.flatMap(({ seq }) => seq ?? []),
    texts: () => seen.flatMap(({ fact }) => textOf(fact) ?? []),
  }
}

function textOf(streamed: NumberedFact['fact']): string | undefined {
  const fact = parseJournaledFact(streamed)
  if (fact?.type !== 'session-event-received' || fact.event.type !== 'message-ended') return undefined
  return fact.event.text
}

/** A client that connects to the daemon through a proxy socket; `cut` breaks its connections. */
async function breakable({
  folder,
  socketPath,
}: ManualDaemon): Promise<{ client: ManualDaemon['client']; cut(): void }> {
  const pairs = new Set<Socket>()
  const server = createServer((near) => {
    const far = connect(socketPath)
    for (const [from, to] of [
      [near, far],
      [far, near],
    ] as const) {
      pairs.add(from)
      from.pipe(to)
      from.on('error', () => to.destroy())
      from.on('close', () => {
        pairs.delete(from)
        to.destroy()
      })
    }
  })
  const path = join(folder, 'between.sock')
  server.listen(path)
  await once(server, 'listening')
  const cut = (): void => {
    for (const socket of pairs) socket.destroy()
  }
  onTestFinished(() => {
    cut()
    server.close()
  })
  return { client: connectDaemon({ socketPath: path }), cut }
}
