import type { MailboxPlace } from '@subagent-mcp/mailbox/describe-mailbox'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { randomUUID } from 'node:crypto'
import { setTimeout as pause } from 'node:timers/promises'
import { natsNames } from './jetstream/names.js'
import { openNatsMailbox } from './open-nats-mailbox.js'

/** A mailbox of its own on servers that other tests use too; each opened mailbox is connected to the next server. */
export function placeOn(urls: readonly string[]): MailboxPlace {
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
    remove: () => removeStreams(urls, namespace),
  }
}

/** Removes the streams of a test, because a cluster is busy with each stream that it has. */
async function removeStreams(urls: readonly string[], namespace: string): Promise<void> {
  const { work, archive, queues, records, bucket } = natsNames(namespace)
  const connection = await connect({ servers: urls.map((url) => url.replace('nats://', '')) })
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 1_000 })
    // A cluster that is asked to remove a stream which it is still making does so, and never answers.
    for (const name of [work, archive, queues, records, `KV_${bucket}`])
      await manager.streams.delete(name).catch(() => undefined)
  } finally {
    await connection.close()
  }
}
