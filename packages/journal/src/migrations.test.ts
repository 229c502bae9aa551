import { checkForLeaks } from '@subagent-mcp/testkit'
import { afterEach, expect, test } from 'vitest'
import { z } from 'zod'
import { appendFacts, readFacts } from './facts.js'
import { entry, useJournals } from './journals.test.support.js'
import { enterOwner } from './owners.js'
import { readRecords } from './read-records.js'
import { forget } from './retention.js'
import { openStore, type Store } from './store.js'

checkForLeaks()
const { open, path } = useJournals()
const stores: Store[] = []
afterEach(() => {
  for (const store of stores.splice(0)) store.close()
})

/** The file as the first version made it: the copy that no later version may change. */
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

/** A daemon of the first version that has the file open, in the words that it has always used. */
function firstDaemon() {
  const store = openStore(path())
  stores.push(store)
  store.write(() => {
    store.execute(firstFormat)
  })
  const self = {
    kind: 'daemon',
    pid: 1,
    startTime: '1',
    place: 'p',
    nonce: 'old',
    version: '0.1.0',
    since: 0,
  } as const
  const owners = enterOwner(store, { ...self, isAlive: () => true })
  return {
    store,
    owners,
    append: (number: number) =>
      store.write(() => appendFacts(store, owners.self.id, [entry('old', number)]).seq),
  }
}

test('a daemon of the first version goes on while a later one brings its file to a later format', () => {
  const daemon = firstDaemon()
  expect([daemon.append(1), daemon.append(2)]).toEqual([1, 2])
  expect(readRecords(path(), { limit: 9 })).toEqual([])

  const later = open({ version: '0.2.0' })
  const line = { at: 3, agentId: 'new', routine: false, body: 'asked' }
  expect(later.append([entry('new', 3)], [line])).toBe(3)
  expect(daemon.append(4)).toBe(4)
  expect(readFacts(daemon.store, {}).map(({ agentId }) => agentId)).toEqual(['old', 'old', 'new', 'old'])
  expect([daemon.owners.claim().type, later.claim().type]).toEqual(['won', 'won'])
  forget(daemon.store, daemon.owners.self.id, ['old'])
  daemon.owners.leave()
  expect(later.read({}).map(({ agentId }) => agentId)).toEqual(['new'])
  expect(later.records({ limit: 9 })).toEqual([line])
  expect(readRecords(path(), { limit: 9 })).toEqual([line])
})

test('a step adds to what is there, and changes nothing of it', () => {
  const { store } = firstDaemon()
  const shape = () =>
    new Map(store.rows(Shape, 'SELECT name, sql FROM sqlite_schema').map(({ name, sql }) => [name, sql]))
  const before = shape()
  open()
  expect([...shape()].filter(([name]) => before.has(name))).toEqual([...before])
})

const Shape = z.object({ name: z.string(), sql: z.string().nullable() })
