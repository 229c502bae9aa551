import { checkForLeaks } from '@subagent-mcp/testkit'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { inspectJournal } from './inspect-journal.js'
import { entry, useJournals } from './journals.test.support.js'
import { readJournalAuditLog } from './read-journal-audit-log.js'
import { openSqliteStore, type SqliteStore } from './sqlite-store.js'

checkForLeaks()
const { open, path } = useJournals()
const stores: SqliteStore[] = []
afterEach(() => {
  for (const store of stores.splice(0)) store.close()
})

/** The tables as the first version created them: a copy that no later version may change. */
const firstFormat = `
  CREATE TABLE owners (
    id TEXT PRIMARY KEY, kind TEXT NOT NULL, pid INTEGER NOT NULL, startTime TEXT NOT NULL, place TEXT NOT NULL,
    nonce TEXT NOT NULL, version TEXT NOT NULL, since INTEGER NOT NULL, claimed INTEGER NOT NULL DEFAULT 0, load TEXT
  ) STRICT;
  CREATE TABLE agents (id TEXT PRIMARY KEY, owner TEXT REFERENCES owners ON DELETE SET NULL) STRICT;
  CREATE INDEX agentsByOwner ON agents (owner);
  CREATE TABLE facts (
    seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER NOT NULL,
    agentId TEXT NOT NULL REFERENCES agents ON DELETE CASCADE, type TEXT NOT NULL, body TEXT NOT NULL
  ) STRICT;
  CREATE INDEX factsByAgent ON facts (agentId);
  PRAGMA user_version = 1`

/** A daemon of the first version that has the journal open, with the SQL of that version. */
function firstDaemon() {
  const store = openSqliteStore(path())
  stores.push(store)
  store.write(() => {
    store.execute(firstFormat)
  })
  const owner =
    'INSERT INTO owners (id, kind, pid, startTime, place, nonce, version, since) VALUES (?, ?, ?, ?, ?, ?, ?, ?)'
  const fact =
    'INSERT INTO facts (at, agentId, type, body) SELECT ?, id, ?, ? FROM agents WHERE id = ? AND owner = ?'
  store.write(() => {
    store.run(owner, 'first', 'daemon', 1, '1', 'p', 'old', '0.1.0', 0)
    store.run('INSERT INTO agents (id, owner) VALUES (?, ?)', 'old', 'first')
  })
  return {
    store,
    append: (number: number) => {
      const { at, type, body } = entry('old', number)
      return store.write(
        () => store.run(fact, at, type, JSON.stringify(body), 'old', 'first').lastInsertRowid,
      )
    },
    agents: () =>
      store
        .rows(z.object({ agentId: z.string() }), 'SELECT agentId FROM facts ORDER BY seq')
        .map(({ agentId }) => agentId),
    forget: () => store.write(() => store.run("DELETE FROM agents WHERE id = 'old'")),
    leave: () => store.write(() => store.run("DELETE FROM owners WHERE id = 'first'")),
  }
}

test('a daemon of the first version continues while a later one brings its file to a later format', () => {
  const daemon = firstDaemon()
  expect([daemon.append(1), daemon.append(2)]).toEqual([1, 2])
  expect(readJournalAuditLog(path(), { limit: 9 })).toEqual([])

  const later = open({ version: '0.2.0' })
  const line = { at: 3, agentId: 'new', routine: false, body: 'asked' }
  expect(later.append([entry('new', 3)], [line])).toBe(3)
  expect(daemon.append(4)).toBe(4)
  expect(daemon.agents()).toEqual(['old', 'old', 'new', 'old'])
  expect(later.read({}).map(({ agentId, body }) => [agentId, body])).toEqual(
    [1, 2, 3, 4].map((number) => [number === 3 ? 'new' : 'old', { number }]),
  )
  expect(inspectJournal(path())).toEqual({ type: 'sound' })
  daemon.forget()
  daemon.leave()
  expect(later.read({}).map(({ agentId }) => agentId)).toEqual(['new'])
  expect(later.records({ limit: 9 })).toEqual([line])
  expect(readJournalAuditLog(path(), { limit: 9 })).toEqual([line])
})

test('a step adds tables and columns to what is there, and changes nothing of it', () => {
  const { store } = firstDaemon()
  const columns = () =>
    store.rows(
      Shape,
      "SELECT m.name || '.' || c.cid AS name, c.name || c.type || c.pk || c.[notnull] AS column FROM sqlite_schema AS m, pragma_table_info(m.name) AS c",
    )
  const before = columns()
  open()
  const after = new Map(columns().map(({ name, column }) => [name, column]))
  expect(before.map(({ name }) => ({ name, column: after.get(name) }))).toEqual(before)
})

const Shape = z.object({ name: z.string(), column: z.string() })
