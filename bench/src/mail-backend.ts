import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { systemClock } from '@subagent-mcp/contract'
import type { Mailbox } from '@subagent-mcp/mailbox'
import { openSqliteMailbox } from '@subagent-mcp/mailbox-sqlite'
import { openNatsMailbox } from '@subagent-mcp/mailbox/nats'
import { natsSkipped, startNats } from '@subagent-mcp/testkit'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openBareDatabase } from './bare-database.js'

/** Where mailboxes are kept, and what it costs at least to keep a message there. */
export type MailBackend = {
  name: 'SQLite' | 'NATS'
  /** The path of a file, or a URL. */
  at: string
  floorName: string
  /** Keeps one message by hand. */
  bare(): Promise<unknown>
  close(): Promise<void>
}

/** Of which there is one here: where `nats-server` is missing that is said. */
export const mailBackends: readonly (() => Promise<MailBackend | undefined>)[] = [
  openSqliteBackend,
  openNatsBackend,
]

/** The mailbox of a place. */
export async function openMailbox({ name, at }: Pick<MailBackend, 'name' | 'at'>): Promise<Mailbox> {
  const how = { clock: systemClock, isAlive: () => true }
  if (name === 'SQLite') return openSqliteMailbox({ path: at, ...how })
  return openNatsMailbox({ url: at, keeper: 'bench', log: () => undefined, ...how })
}

/** As long as most are. */
export const mailText = 'What somebody asks, as long as most are: a sentence or two. '.repeat(4)

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
      insert.run(`m${(count += 1)}`, `t${count}`, Date.now(), 'sink', mailText)
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
    bare: () => client.publish('bare', mailText, { msgID: `m${(count += 1)}` }),
    close: async () => {
      await nats.close()
      await server.end()
    },
  }
}
