import { checkForLeaks } from '@subagent-mcp/testkit'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { useJournals, useWriters } from './journals.test.support.js'
import { enableSqliteWal } from './sqlite-store.js'

checkForLeaks()
const { path } = useJournals()
const start = useWriters()

describe('turning to WAL', () => {
  const holds = (file: string) => `
    import Database from ${JSON.stringify(import.meta.resolve('libsql'))}
    const database = new Database(${JSON.stringify(file)})
    database.exec('BEGIN IMMEDIATE')
    print('held')
    await told()
    setTimeout(() => database.exec('COMMIT'), 100)
  `

  it('waits for a process that holds the lock, for some time', async () => {
    const file = path('new.db')
    const holder = start(path(), holds(file))
    await holder.until(1)
    const database = new Database(file)
    try {
      expect(() => enableSqliteWal(database, 50)).toThrow('locked')
      holder.tell('let go')
      enableSqliteWal(database, 15_000)
      expect(database.prepare('PRAGMA journal_mode').all()).toEqual([{ journal_mode: 'wal' }])
    } finally {
      database.close()
    }
    await holder.finish()
  })
})
