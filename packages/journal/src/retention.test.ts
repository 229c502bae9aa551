import { checkForLeaks } from '@subagent-mcp/testkit'
import { describe, expect, it } from 'vitest'
import { entry, useJournals } from './journals.test.support.js'
import { openSqliteStore } from './sqlite-store.js'

checkForLeaks()
const { open } = useJournals()
const all = () => true

describe('retention', () => {
  it('forgets those whose last fact is old, the oldest first, and none that may not go', () => {
    const [journal, other] = [open(), open()]
    journal.append([entry('old', 20), entry('older', 10), entry('kept', 15), entry('revived', 1)])
    journal.append([entry('young', 31), entry('revived', 30)])
    other.append([entry('others', 1)])
    const removable = (agentId: string) => agentId !== 'kept'
    expect(journal.retain({ endedBefore: 30, maxBytes: Infinity, removable })).toEqual(['older', 'old'])
    const left = journal.read({}).map(({ agentId }) => agentId)
    expect(left).toEqual(['kept', 'revived', 'young', 'revived', 'others'])
  })

  it('forgets the oldest until the rest takes no more than it may', () => {
    const journal = open()
    const large = (agentId: string, at: number) => ({ ...entry(agentId, at), body: 'x'.repeat(100_000) })
    journal.append(['a', 'b', 'c', 'd', 'e'].map(large))
    const rules = { endedBefore: 0, removable: all }
    expect(journal.retain({ ...rules, maxBytes: 600_000 })).toEqual([])
    expect(journal.retain({ ...rules, maxBytes: 385_000 })).toEqual(['a', 'b'])
    expect(journal.retain({ ...rules, maxBytes: 385_000 })).toEqual([])
    expect(journal.retain({ ...rules, maxBytes: 270_000, removable: (id) => id === 'd' })).toEqual(['d'])
    expect(journal.retain({ ...rules, maxBytes: 0 })).toEqual(['c', 'e'])
  })

  it('forgets no agent for what the mailbox has in the same file', () => {
    const journal = open()
    journal.append([entry('a', 1)])
    const mail = openSqliteStore(journal.size().path)
    mail.write(() => {
      mail.execute('CREATE TABLE mailMessages (id TEXT PRIMARY KEY, body TEXT) STRICT')
      mail.run('INSERT INTO mailMessages VALUES (?, ?)', 'm'.repeat(100_000), 'x'.repeat(1_000_000))
    })
    mail.close()
    const rules = { endedBefore: 0, removable: all }
    expect(journal.retain({ ...rules, maxBytes: 300_000 })).toEqual([])
    expect(journal.retain({ ...rules, maxBytes: 30_000 })).toEqual(['a'])
  })
})
