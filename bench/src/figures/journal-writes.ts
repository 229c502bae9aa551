import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openJournal } from '@subagent-mcp/journal'
import { openBareDatabase } from '../bare-database.js'
import { quantile, type Figure } from '../figure.js'

const rounds = 40
const facts = 1_000

const event = { type: 'message-ended', text: 'One line of an answer, as long as most are. '.repeat(5) }
const entry = { at: 1_790_000_000_000, agentId: 'agent', type: 'session-event-received', body: { event } }

/** Time to append one fact to the journal in its own transaction. Floor: a bare insert into such a table. */
export function journalWrites(): Promise<Figure[]> {
  const folder = mkdtempSync(join(tmpdir(), 'journal-writes-'))
  const [journal, bare] = [openOurs(join(folder, 'ours.db')), openBare(join(folder, 'bare.db'))]
  const [ours, floor]: [number[], number[]] = [[], []]
  try {
    for (let round = 0; round < rounds; round += 1) {
      ours.push(microsecondsEach(() => journal.append([entry])))
      floor.push(microsecondsEach(bare.insert))
    }
  } finally {
    journal.close()
    bare.close()
    rmSync(folder, { recursive: true, force: true })
  }
  const each = quantile(ours)
  return Promise.resolve([
    {
      name: 'journal: a fact written',
      unit: 'µs',
      n: rounds * facts,
      ours: each,
      floor: { name: 'a bare insert, same row and index', value: quantile(floor) },
      limit: { type: 'ratio', most: 1.5 },
      note: `${Math.round(1_000_000 / each)} facts/s; medians of rounds of ${facts}`,
    },
  ])
}

function openOurs(path: string) {
  const owner = {
    kind: 'daemon',
    pid: process.pid,
    startTime: '-',
    place: '-',
    nonce: '-',
    version: '-',
  } as const
  return openJournal({ path, owner, isAlive: () => true, onForeign: () => undefined, now: Date.now })
}

function openBare(path: string) {
  const database = openBareDatabase(path)
  const columns = 'seq INTEGER PRIMARY KEY AUTOINCREMENT, at INTEGER, agentId TEXT, type TEXT, body TEXT'
  database.exec(`CREATE TABLE facts (${columns}); CREATE INDEX byAgent ON facts (agentId)`)
  const statement = database.prepare('INSERT INTO facts (at, agentId, type, body) VALUES (?, ?, ?, ?)')
  const { at, agentId, type, body } = entry
  return {
    insert: () => statement.run(at, agentId, type, JSON.stringify(body)),
    close: () => database.close(),
  }
}

function microsecondsEach(act: () => unknown): number {
  const start = performance.now()
  for (let count = 0; count < facts; count += 1) act()
  return ((performance.now() - start) * 1000) / facts
}
