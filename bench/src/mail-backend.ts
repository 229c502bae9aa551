import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { systemClock } from '@subagent-mcp/contract'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { openNatsMailbox } from '@subagent-mcp/mailbox-nats'
import { openSqliteMailbox } from '@subagent-mcp/mailbox-sqlite'
import { natsSkipped, startNats } from '@subagent-mcp/testkit'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBareDatabase } from './bare-database.js'

/** A storage of mailboxes, with the floor for its figures: a bare write of one message to it. */
export type MailBackend = {
  name: 'SQLite' | 'NATS'
  /** The path of the SQLite file, or the URL of the NATS server. */
  at: string
  floorName: string
  /** Writes one message without our mailbox. */
  bare(): Promise<unknown>
  close(): Promise<void>
}

/** Functions that open each storage. Without a `nats-server` the one for NATS prints why, and resolves to undefined. */
export const mailBackends: readonly (() => Promise<MailBackend | undefined>)[] = [
  openSqliteBackend,
  openNatsBackend,
]

/** Opens our mailbox in a storage. */
export async function openMailbox({ name, at }: Pick<MailBackend, 'name' | 'at'>): Promise<Mailbox> {
  const how = { clock: systemClock, isAlive: () => true }
  if (name === 'SQLite') return openSqliteMailbox({ path: at, ...how })
  return openNatsMailbox({ url: at, keeper: 'bench', log: () => undefined, ...how })
}

/** The text of a message of typical length. */
export const typicalMailText = 'What somebody asks, as long as most are: a sentence or two. '.repeat(4)

function openSqliteBackend(): Promise<MailBackend> {
  const folder = mkdtempSync(join(tmpdir(), 'bench-mail-'))
  const database = openBareDatabase(join(folder, 'bare.db'))
  database.exec('PRAGMA wal_autocheckpoint = 4000')
  const columns =
    'seq INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE, thread TEXT, at INTEGER, recipient TEXT, body TEXT'
  database.exec(`CREATE TABLE mail (${columns}); CREATE INDEX byRecipient ON mail (recipient)`)
  const insert = database.prepare('INSERT INTO mail (id, thread, at, recipient, body) VALUES (?, ?, ?, ?, ?)')
  let count = 0
  return Promise.resolve({
    name: 'SQLite',
    at: join(folder, 'mail.db'),
    floorName: 'a bare insert and commit',
    bare: async () => {
      await Promise.resolve()
      insert.run(`m${(count += 1)}`, `t${count}`, Date.now(), 'sink', typicalMailText)
    },
    close: () => {
      database.close()
      rmSync(folder, { recursive: true, force: true })
      return Promise.resolve()
    },
  })
}

async function openNatsBackend(): Promise<MailBackend | undefined> {
  const skipped = natsSkipped()
  if (skipped !== undefined) {
    process.stderr.write(`left out, as are ${skipped}\n`)
    return undefined
  }
  const server = await startNats()
  const nats = await connect({ servers: server.url })
  const manager = await jetstreamManager(nats)
  await manager.streams.add({ name: 'BARE', subjects: ['bare'] })
  const client = jetstream(nats)
  let count = 0
  return {
    name: 'NATS',
    at: server.url,
    floorName: 'a bare JetStream publish',
    bare: () => client.publish('bare', typicalMailText, { msgID: `m${(count += 1)}` }),
    close: async () => {
      await nats.close()
      await server.end()
    },
  }
}
