import { randomUUID } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { jetstream, jetstreamManager } from '@nats-io/jetstream'
import { connect } from '@nats-io/transport-node'
import { openMemoryStore, openStore } from '@subagent-mcp/journal'
import { z } from 'zod'
import type { Command } from '../command.js'
import { rowsOf } from '../mail-states.test.support.js'
import { atEnd } from './endings.test.support.js'
import { encode } from './envelope.js'
import { testNames } from './machines.test.support.js'

/** For a machine's copies, gone after the test. */
export function makeFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-copy-'))
  atEnd(async () => {
    await Promise.resolve()
    rmSync(folder, { recursive: true })
  })
  return folder
}

/** The databases of copies that are in a folder. */
export function copiesIn(folder: string): string[] {
  return readdirSync(folder).filter((name) => /^\d+\.db$/.test(name))
}

/** All that the one copy in a folder is; nobody has it open. */
export function keptIn(folder: string): unknown {
  const store = openStore(pathIn(folder))
  try {
    const own = ['mailCopy', 'mailCopyIds', 'mailCopyUnread'].map((table) =>
      store.rows(z.unknown(), `SELECT * FROM ${table} ORDER BY 1`),
    )
    return { mail: rowsOf(store), own }
  } finally {
    store.close()
  }
}

/** The path of the one copy in a folder. */
export function pathIn(folder: string): string {
  const [file = '', ...others] = copiesIn(folder)
  if (others.length > 0) throw new Error(`${others.length} more than one`)
  return join(folder, file)
}

/** How many lines the one copy in a folder has for good, also while a process is at it. */
export function linesIn(folder: string): number {
  if (copiesIn(folder).length === 0) return 0
  const store = openMemoryStore()
  try {
    store.execute(`ATTACH DATABASE '${pathIn(folder)}' AS copy`)
    const there =
      store.rows(z.unknown(), "SELECT 1 FROM copy.sqlite_schema WHERE name = 'mailCopy'").length > 0
    const rows = there ? store.rows(Sequence, 'SELECT sequence FROM mailCopy') : []
    return rows[0]?.sequence ?? 0
  } finally {
    store.close()
  }
}

const Sequence = z.object({ sequence: z.number() })

/** Changes what is kept while no machine runs. */
export function changeKept(folder: string, sql: string): void {
  const store = openStore(pathIn(folder))
  store.write(() => {
    store.execute(sql)
  })
  store.close()
}

/** Has all of it in the one file. */
export function mergeKept(folder: string): void {
  const store = openStore(pathIn(folder))
  store.execute('PRAGMA wal_checkpoint(TRUNCATE)')
  store.close()
}

/** Puts commands in the log, in their order, as machines would. */
export async function publishAll(url: string, commands: readonly Command[]): Promise<void> {
  const connection = await connect({ servers: url.replace('nats://', '') })
  const client = jetstream(connection)
  try {
    const manager = await jetstreamManager(connection)
    await manager.streams.add({ name: testNames.stream, subjects: [testNames.subject] })
    for (let begin = 0; begin < commands.length; begin += 500) {
      const some = commands.slice(begin, begin + 500).map((command) => ({ command, id: randomUUID() }))
      await Promise.all(
        some.map((line) => client.publish(testNames.subject, encode(line), { msgID: line.id })),
      )
    }
  } finally {
    await connection.close()
  }
}
