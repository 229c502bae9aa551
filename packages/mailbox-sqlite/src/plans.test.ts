import { openMemorySqliteStore, type SqliteStore } from '@subagent-mcp/journal'
import { expect, it } from 'vitest'
import { z } from 'zod'
import type { MailboxCommand, MailState } from '@subagent-mcp/mailbox/backing'
import { createSqlState } from './sql/sql-state.js'
import { from, registering, sending } from './mail-states.test.support.js'

const ofThreads = [
  'SEARCH mailTalks USING COVERING INDEX mailTalksByAge (agent=?)',
  'SEARCH mailTalks USING PRIMARY KEY (thread=?)',
  'SEARCH mailTalks USING PRIMARY KEY (thread=? AND agent=?)',
  'SEARCH mailMessages USING INDEX mailThreads (thread=?)',
]

it.each<[what: string, look: (state: MailState) => unknown, walks: string[]]>([
  ['agents', (state) => state.agents(), []],
  [
    'inbox',
    (state) => state.inbox('b', { after: 0, limit: 9 }),
    ['SEARCH mailMessages USING INDEX mailInbox (recipient=? AND seq>?)'],
  ],
  [
    'quiet',
    (state) => state.quiet('b', { after: 0, limit: 9 }),
    ['SEARCH mailMessages USING INDEX mailQuiet (recipient=? AND seq>?)'],
  ],
  ['waiting', (state) => state.waiting(), ['SEARCH mailMessages USING INDEX mailWork (recipient=?)']],
  ['threads', (state) => state.threads({}), ofThreads],
  ['threads of an agent', (state) => state.threads({ agent: 'b' }), ofThreads],
  [
    'thread',
    (state) => state.thread('t', { before: 9, limit: 9 }),
    ['SEARCH mailMessages USING INDEX mailThreads (thread=? AND seq<?)'],
  ],
  // All of the index, in its order, until the page is full.
  ['dead', (state) => state.dead({}), ['SCAN mailMessages USING INDEX mailDeadByAge']],
  [
    'dead of an agent',
    (state) => state.dead({ agent: 'b' }),
    ['SEARCH mailMessages USING INDEX mailDeadOfAgent (recipient=?)'],
  ],
  [
    'all sent messages',
    (state) => state.sent({ after: 3, limit: 9 }),
    ['SEARCH mailMessages USING INTEGER PRIMARY KEY (rowid>?)'],
  ],
  ['how much waits', (state) => state.count({ of: 'inbox', agent: 'b' }), []],
  [
    'how long a thread is',
    (state) => state.count({ of: 'thread', id: 't' }),
    ['SEARCH mailTalks USING PRIMARY KEY (thread=? AND agent=?)'],
  ],
  ['how many threads', (state) => state.count({ of: 'threads' }), []],
  ['how many dead', (state) => state.count({ of: 'dead' }), []],
])('%s is found by an index in its order, and nothing is walked over', (_, look, walks) => {
  const plan = planOf(look)
  expect([...new Set(plan.filter((step) => /mailMessages|mailTalks/.test(step)))]).toEqual(walks)
  expect(plan).not.toContain('USE TEMP B-TREE FOR ORDER BY')
})

it('messages that are read by ids are found by their ids', () => {
  const read: MailboxCommand = { type: 'read', agent: 'b', ids: ['m1'], limit: 9 }
  expect(planOf((state) => state.apply(read, 2))).toContain(
    'SEARCH mailMessages USING INDEX sqlite_autoindex_mailMessages_1 (id=?)',
  )
})

it('with 100,000 messages no list reads more rows than it shows', () => {
  const { store, asked } = recording()
  const state = createSqlState(store)
  state.apply(registering('b', 'i1', ['>']), 1)
  store.execute(`INSERT INTO mailMessages (id, thread, kind, sender, senderHost, through, recipient, sentAt,
      expectsReply, wakes, since, status, finished, body)
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < 100000)
    SELECT 'm' || n, 't' || (n % 1000), 'direct', 'a', 'h', 'agent', 'b', n, 1, n % 2, n,
      iif(n % 4 = 0, 'dead', 'waiting'), n % 4 = 0, 'text' FROM numbers`)
  asked.length = 0
  const shown = [
    state.inbox('b', { after: 50_000, limit: 9 }),
    state.quiet('b', { after: 50_000, limit: 9 }),
    state.thread('t1', { before: 50_000, limit: 9 }),
    state.dead({ agent: 'b', limit: 9 }),
    state.threads({ agent: 'b', limit: 9 }),
  ]
  expect(shown.map(({ length }) => length)).toEqual([9, 9, 9, 9, 9])
  expect(state.waiting()).toMatchObject([{ agent: 'b', messages: 50_000, newest: 'm99999', from: ['a'] }])
  expect(state.agents()).toMatchObject([{ name: 'b', waiting: 75_000, dead: 25_000 }])
  expect(state.count({ of: 'inbox', agent: 'b' })).toBe(75_000)
  expect(Math.max(...asked.map(({ found }) => found))).toBe(32) // by whom the last that wait were sent
  store.close()
})

/** SQLite's plans for the queries that a read function makes. */
function planOf(look: (state: MailState) => unknown): string[] {
  const { store, asked } = recording()
  const state = createSqlState(store)
  state.apply(registering('b', 'i1', ['>']), 1)
  state.apply(sending('m1', { to: 'b', by: 'a', thread: 't' }), 1)
  state.apply({ type: 'publish', id: 'e1', from: from('a'), topic: 'ci', severity: 'info', body: 'e' }, 1)
  asked.length = 0
  look(state)
  const plan = asked.flatMap(({ sql, values }) =>
    store.rows(Plan, `EXPLAIN QUERY PLAN ${sql}`, ...values).map(({ detail }) => detail),
  )
  store.close()
  return plan
}

const Plan = z.object({ detail: z.string() })

/** A query that was sent to a store, and the number of rows that it found. */
type Asked = { sql: string; values: (string | number | null)[]; found: number }

/** Opens a store in memory that records its queries. */
function recording() {
  const store = openMemorySqliteStore()
  const asked: Asked[] = []
  const rows: SqliteStore['rows'] = (schema, sql, ...values) => {
    const found = store.rows(schema, sql, ...values)
    asked.push({ sql, values, found: found.length })
    return found
  }
  return { store: { ...store, rows }, asked }
}
