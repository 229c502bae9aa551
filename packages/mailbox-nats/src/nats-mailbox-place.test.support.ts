import type { MailboxPlace } from '@subagent-mcp/mailbox/describe-mailbox'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { vi } from 'vitest'
import { createMailStreamNames } from './jetstream/stream-names.js'
import { openNatsMailbox } from './open-nats-mailbox.js'

/**
 * A mailbox on servers, of which each opening is connected to the next server. Tests use it one after another, and it is empty after
 * each: a cluster takes seconds to create streams.
 */
export function createNatsMailboxPlace(urls: readonly string[]): MailboxPlace {
  const namespace = `test-${randomUUID()}`
  let opened = 0
  return {
    open: async (options) => {
      const url = urls[opened++ % urls.length] ?? ''
      // All have one keeper, so that each checks the processes of all: presence has its own tests.
      return await openNatsMailbox({ url, namespace, keeper: 'test', ...options })
    },
    pass: async (milliseconds) => {
      await pause(milliseconds)
    },
    remove: () => emptyStreams(urls, namespace),
  }
}

async function emptyStreams(urls: readonly string[], namespace: string): Promise<void> {
  const { work, archive, queues, records } = createMailStreamNames(namespace)
  const connection = await connect({ servers: urls.map((url) => url.replace('nats://', '')) })
  try {
    const { streams, consumers } = await jetstreamManager(connection, { checkAPI: false })
    const lastSeq = async (stream: string) => (await streams.info(stream)).state.last_seq
    // A copy does not follow what is purged before it was copied.
    const last = await lastSeq(archive)
    await vi.waitUntil(async () => (await lastSeq(work)) >= last)
    for (const stream of [work, queues])
      for await (const { name } of consumers.list(stream)) await consumers.delete(stream, name)
    await Promise.all([archive, work, queues, records].map((stream) => streams.purge(stream)))
  } finally {
    await connection.close()
  }
}
