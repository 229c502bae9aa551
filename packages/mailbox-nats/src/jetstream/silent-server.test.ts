import { systemClock } from '@subagent-mcp/contract'
import { jetstreamManager } from '@nats-io/jetstream'
import { checkForLeaks, needsNats, startNats } from '@subagent-mcp/testkit'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { runAtEnd, ending } from '../run-at-end.test.support.js'
import { openMailConnection } from '../servers/connection.js'
import { parseServerUrls } from '../servers/server-urls.js'
import { createJetStreamRequests } from './requests.js'
import { createJetStreamStore, readRecordsOfRange } from './store.js'

/** More bytes than the buffers of a connection hold, so that a server that is stopped has not sent them all. */
const [records, recordBytes] = [400, 100_000]

describe('a server that stops to answer in the middle of a read', needsNats, () => {
  checkForLeaks()
  afterEach(ending)

  test('ends the read with an error that names it, and the next read is whole', async () => {
    const server = await startNats()
    runAtEnd(() => server.end())
    const servers = parseServerUrls(server.url)
    const connection = await openMailConnection({ servers, name: 'test', clock: systemClock })
    runAtEnd(() => connection.close())
    const { nats } = connection
    const { streams } = await jetstreamManager(nats)
    await streams.add({ name: 'LONG', subjects: ['long.*'] })
    const parts = { connection, servers, clock: systemClock, onMissing: () => Promise.resolve() }
    const store = createJetStreamStore(nats, createJetStreamRequests({ ...parts, deadlineMs: 500 }))
    const text = 'x'.repeat(recordBytes)
    for (let written = 0; written < records; written += 1)
      nats.publish(`long.${written}`, JSON.stringify({ text }))
    await vi.waitUntil(async () => (await store.lastSeq('LONG')) === records)

    const before = nats.stats().inBytes
    const failed = readAll(store).catch((error: unknown) => error)
    await vi.waitUntil(() => nats.stats().inBytes - before > 10 * recordBytes, { interval: 0 })
    server.signal('SIGSTOP')
    const namesServer: unknown = expect.stringContaining(servers.shown)
    expect(await failed).toMatchObject({
      code: 'mailbox-unreachable',
      hint: namesServer,
    })
    server.signal('SIGCONT')
    await vi.waitUntil(() => store.lastSeq('LONG').catch(() => undefined))
    expect(await readAll(store)).toEqual(Array.from({ length: records }, (_, index) => index + 1))
  })
})

async function readAll(store: ReturnType<typeof createJetStreamStore>): Promise<readonly number[]> {
  const read: number[] = []
  for await (const { seq } of readRecordsOfRange(store, { stream: 'LONG', filter: 'long.*' })) read.push(seq)
  return read
}
