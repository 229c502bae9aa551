import { randomUUID } from 'node:crypto'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { systemClock } from '@subagent-mcp/contract'
import type { MailboxPlace } from '../describe-mailbox.test.support.js'
import { jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { namesOf } from './names.js'
import { openNatsMailbox } from './open-nats-mailbox.js'

/** A mailbox of its own on servers that others use too; who opens it is on the next of them each time, and keeps its copy there. */
export function placeOn(urls: readonly string[], kept: 'in memory' | 'in files' = 'in memory'): MailboxPlace {
  const namespace = `test-${randomUUID()}`
  const home = kept === 'in files' ? mkdtempSync(join(tmpdir(), 'copies-')) : undefined
  let opened = 0
  return {
    open: async (options) => {
      const url = urls[opened++ % urls.length] ?? ''
      // Of one keeper, so that each asks for the processes of all: presence has its own tests.
      return await openNatsMailbox({
        url,
        namespace,
        clock: systemClock,
        keeper: 'test',
        log: () => undefined,
        ...(home !== undefined && { folder: join(home, String(opened)) }),
        ...options,
      })
    },
    pass: async (milliseconds) => {
      await pause(milliseconds)
    },
    remove: async () => {
      if (home !== undefined) rmSync(home, { recursive: true })
      await removeStreams(urls, namespace)
    },
  }
}

/** A cluster is busy with each stream that it has. */
async function removeStreams(urls: readonly string[], namespace: string): Promise<void> {
  const { stream, bucket } = namesOf(namespace)
  const connection = await connect({ servers: urls.map((url) => url.replace('nats://', '')) })
  try {
    const manager = await jetstreamManager(connection, { checkAPI: false, timeout: 300 })
    const names = [stream, `KV_${bucket}`]
    // A cluster that is asked to remove a stream which it is still making does so, and never answers.
    await Promise.all(names.map((name) => manager.streams.delete(name).catch(() => undefined)))
  } finally {
    await connection.close()
  }
}
