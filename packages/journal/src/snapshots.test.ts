import { writeFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { entry, useJournals } from './journals.test.support.js'
import { readSnapshotsOfFile } from './snapshots.js'
import { openSqliteStore } from './sqlite-store.js'

const { open, path } = useJournals()

/** What another owner of this version takes over from all owners with the nonce `dead`: numbers of facts, and snapshots. */
function adopted(version = '1.0.0'): unknown[] {
  const { entries } = open({ version, isAlive: ({ nonce }) => nonce !== 'dead' }).adopt()
  return [...entries].map((each) => ('snapshot' in each ? each.snapshot : each.seq))
}

/** Runs SQL in the journal, as damage or a full disk may change it. */
function change(sql: string): void {
  const store = openSqliteStore(path())
  store.write(() => {
    store.execute(sql)
  })
  store.close()
}

/** The column `text` of the rows that a query finds in the journal. */
function textsOf(sql: string): string[] {
  const store = openSqliteStore(path())
  const rows = store.rows(z.object({ text: z.string() }), sql)
  store.close()
  return rows.map(({ text }) => text)
}

/** An owner that dies without closing, with facts 1 to 4 of agents a and b, and a snapshot of a after fact 3. */
function died(): ReturnType<typeof open> {
  const dead = open({ nonce: 'dead' })
  dead.append([entry('b', 1), entry('a', 2), entry('a', 3)])
  dead.keepSnapshots({ agents: [{ agentId: 'a', body: 'state of a' }], shared: 'limits' })
  dead.append([entry('b', 4)])
  return dead
}

test('a snapshot stands for the facts before it, at the place of the first of them', () => {
  const dead = died()
  expect(adopted()).toEqual([1, 'state of a', 'limits', 4])
  dead.close()
})

test('facts after a snapshot are read', () => {
  const dead = died()
  dead.append([entry('a', 5)])
  expect(adopted()).toEqual([1, 'state of a', 'limits', 4, 5])
})

test('snapshots of another version are not read', () => {
  died()
  expect(adopted('1.0.1')).toEqual([1, 2, 3, 4])
})

test.each(['body', 'seq', 'version'])('a snapshot with a damaged %s is not read', (column) => {
  died()
  change(`UPDATE snapshots SET ${column} = ${column === 'seq' ? '1' : "'state of b'"}`)
  expect(adopted()).toEqual([1, 2, 3, 'limits', 4])
})

test('a snapshot with a body that is no text is not read, and ends no process', () => {
  died()
  const next = open({ isAlive: ({ nonce }) => nonce !== 'dead' })
  change("UPDATE snapshots SET body = CAST(x'22ff22' AS TEXT)")
  expect([...next.adopt().entries]).toHaveLength(5)
})

test.each([
  'DELETE FROM sharedSnapshot',
  "UPDATE sharedSnapshot SET body = '{}'",
  "UPDATE sharedSnapshot SET version = '0'",
])('without the shared snapshot none is read: %s', (damage) => {
  died()
  change(damage)
  expect(adopted()).toEqual([1, 2, 3, 4])
})

test('the shared snapshots of the two newest versions are kept', () => {
  const write = (version: string): void => {
    const journal = open({ nonce: version, version })
    journal.append([entry(version, 1)])
    journal.keepSnapshots({ agents: [], shared: version })
  }
  for (const version of ['1', '2', '3']) write(version)
  expect(textsOf('SELECT version AS text FROM sharedSnapshot ORDER BY seq')).toEqual(['2', '3'])
})

test('a snapshot of an agent without facts is not read', () => {
  died()
  change("DELETE FROM facts WHERE agentId = 'a'")
  expect(adopted()).toEqual([1, 'limits', 4])
})

test('where a useless snapshot cannot be deleted, the facts are read', () => {
  died()
  change('UPDATE snapshots SET checksum = 1')
  const next = open({ isAlive: ({ nonce }) => nonce !== 'dead' })
  change(`CREATE TRIGGER refused BEFORE DELETE ON snapshots BEGIN SELECT raise(ABORT, 'full'); END`)
  expect([...next.adopt().entries]).toHaveLength(5)
})

test('snapshots are of the version that an owner names for them', () => {
  const dead = open({ nonce: 'dead', snapshotVersion: '1.0.0 2' })
  dead.append([entry('a', 1)])
  dead.keepSnapshots({ agents: [{ agentId: 'a', body: 'state of a' }], shared: 'limits' })
  expect(adopted()).toEqual([1])
})

test('an owner writes no snapshot of an agent that another has taken over, or that is deleted', () => {
  const dead = open({ nonce: 'dead' })
  dead.append([entry('a', 1), entry('b', 2)])
  const next = open({ isAlive: ({ nonce }) => nonce !== 'dead' })
  expect([...next.adopt().entries]).toHaveLength(2)
  next.forget(['b'])
  const agents = ['a', 'b'].map((agentId) => ({ agentId, body: 'wrong' }))
  dead.keepSnapshots({ agents, shared: 'limits' })
  next.close()
  expect(adopted()).toEqual([1, 'limits'])
})

test('a deleted agent leaves no snapshot', () => {
  const dead = died()
  dead.forget(['a'])
  expect(adopted()).toEqual([1, 'limits', 4])
})

describe('snapshots that were read before the opening', () => {
  /** Reads the snapshots, calls `happen`, and opens the journal with them. Returns what the new owner takes over. */
  function adoptedAfter(happen: () => void): unknown[] {
    const checkedSnapshots = readSnapshotsOfFile(path(), '1.0.0')
    happen()
    const next = open({
      isAlive: ({ nonce }) => nonce !== 'dead',
      ...(checkedSnapshots && { checkedSnapshots }),
    })
    return [...next.adopt().entries].map((each) => ('snapshot' in each ? each.snapshot : each.seq))
  }

  test('are taken over', () => {
    died()
    expect(adoptedAfter(() => change('DELETE FROM snapshots'))).toEqual([1, 'state of a', 'limits', 4])
  })

  test('get the facts that came later, also those of a newer snapshot', () => {
    const dead = died()
    const later = () => {
      dead.append([entry('a', 5)])
      dead.keepSnapshots({ agents: [{ agentId: 'a', body: 'newer state of a' }], shared: 'newer limits' })
    }
    expect(adoptedAfter(later)).toEqual([1, 'state of a', 'limits', 4, 5])
  })

  test('are left out if their agent was deleted, and useless ones are deleted', () => {
    const dead = died()
    dead.keepSnapshots({ agents: [{ agentId: 'b', body: 'state of b' }], shared: 'limits' })
    change("UPDATE snapshots SET seq = 1 WHERE agentId = 'b'")
    expect(adoptedAfter(() => dead.forget(['a']))).toEqual([1, 4, 'limits'])
    const store = openSqliteStore(path())
    expect(store.rows(z.object({ count: z.number() }), 'SELECT count(*) AS count FROM snapshots')).toEqual([
      { count: 0 },
    ])
    store.close()
  })

  test('of another version stay, if their agent belongs to a live owner', () => {
    died()
    const live = open({ nonce: 'live', version: '0.9.0' })
    live.append([entry('c', 5)])
    live.keepSnapshots({ agents: [{ agentId: 'c', body: 'state of c' }], shared: 'limits' })
    expect(adoptedAfter(() => undefined)).toEqual([1, 'state of a', 'limits', 4])
    expect(textsOf('SELECT agentId AS text FROM snapshots ORDER BY agentId')).toEqual(['a', 'c'])
  })

  test('are none in a file that is no journal', () => {
    const text = path('text.db')
    writeFileSync(text, 'no database '.repeat(1000))
    expect(readSnapshotsOfFile(text, '1.0.0')).toBe(undefined)
    expect(readSnapshotsOfFile(path('missing.db'), '1.0.0')).toBe(undefined)
  })
})
