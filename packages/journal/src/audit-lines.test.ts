import { SubagentError } from '@subagent-mcp/contract'
import { checkForLeaks } from '@subagent-mcp/testkit'
import Database from 'libsql'
import { existsSync, writeFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { entry, useJournals } from './journals.test.support.js'
import { readJournalAuditLog } from './read-journal-audit-log.js'
import type { AuditLine } from './audit-lines.js'

checkForLeaks()
const { open, path } = useJournals()
const rules = { endedBefore: 0, maxBytes: Infinity, removable: () => true }

function line(agentId: string, number: number, at = number): AuditLine {
  return { at, agentId, routine: false, body: { number, says: 'é \u0000 𝄞' } }
}

describe('the audit log', () => {
  it('returns the newest lines, oldest first, of all or of one agent, also after it was closed', () => {
    const journal = open()
    const lines = [line('a', 1), line('b', 2), line('a', 3), line('a', 4, 0)]
    expect(journal.records({ limit: 10 })).toEqual([])
    expect(journal.append([entry('a', 1)], lines.slice(0, 2))).toBe(1)
    expect(journal.append([], lines.slice(2))).toBe(1)
    journal.close()
    const [one, two, three, four] = lines
    expect(open().records({ limit: 10 })).toEqual(lines)
    expect(open().records({ limit: 2 })).toEqual([three, four])
    expect(open().records({ agentId: 'a', limit: 2 })).toEqual([three, four])
    expect(open().records({ agentId: 'a', limit: 3 })).toEqual([one, three, four])
    expect(open().records({ agentId: 'b', limit: 3 })).toEqual([two])
    expect(open().records({ agentId: 'nobody', limit: 3 })).toEqual([])
  })

  it('is written with the facts, all or none', () => {
    const journal = open()
    const unspeakable: { itself?: unknown } = {}
    unspeakable.itself = unspeakable
    const broken = { ...entry('a', 2), body: unspeakable }
    expect(() => journal.append([entry('a', 1), broken], [line('a', 1)])).toThrow(TypeError)
    expect(() =>
      journal.append([entry('a', 1)], [line('a', 1), { ...line('a', 2), body: unspeakable }]),
    ).toThrow(TypeError)
    expect(journal.records({ limit: 9 })).toEqual([])
    expect(journal.read({})).toEqual([])
  })

  it("keeps what happened here also to another owner's agent, and what was asked by an agent that is forgotten", () => {
    const [mine, other] = [open(), open()]
    mine.append([entry('a', 1)], [line('a', 1)])
    other.append([entry('a', 2)], [line('a', 2)])
    expect(mine.read({}).map(({ at }) => at)).toEqual([1])
    mine.forget(['a'])
    expect(mine.records({ limit: 9 })).toEqual([line('a', 1), line('a', 2)])
  })

  it('loses its old lines, whoever wrote them, and no agent for its sake', () => {
    const [journal, other] = [open(), open()]
    journal.append([entry('a', 30)], [line('a', 10), line('a', 30)])
    other.append([], [line('b', 20), line('b', 31)])
    expect(journal.retain({ ...rules, endedBefore: 30 })).toEqual([])
    expect(journal.records({ limit: 9 })).toEqual([line('a', 30), line('b', 31)])
  })

  it('has but a part of what the journal may take, and never more lines than it may', () => {
    const journal = open()
    const lines = (count: number): AuditLine[] => Array.from({ length: count }, (_, at) => line('a', at))
    journal.append([entry('a', 1)], lines(1_000))
    expect(journal.retain({ ...rules, maxBytes: 204_800 })).toEqual([])
    expect(journal.records({ limit: 1_000 })).toEqual(lines(1_000).slice(-100))
  })

  it('has at most 100,000 lines, whatever the journal may take', () => {
    const journal = open()
    journal.append([], [line('a', 1), line('a', 2)])
    const database = new Database(path())
    database.exec(
      `WITH RECURSIVE n(i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < 100001)
       INSERT INTO records (at, agentId, routine, body) SELECT i, 'b', 0, '0' FROM n`,
    )
    database.close()
    journal.retain(rules)
    expect(journal.records({ agentId: 'a', limit: 9 })).toEqual([line('a', 2)])
    expect(journal.records({ limit: 200_000 })).toHaveLength(100_000)
  })

  it('loses the routine first, the oldest of it, and others only when they alone are too many', () => {
    const journal = open()
    const routine = (number: number): AuditLine => ({ ...line('a', number), routine: true })
    const numbers = (): number[] => journal.records({ limit: 99 }).map(({ at }) => at)
    const roomFor = (count: number) => ({ ...rules, maxBytes: count * 2_048 })
    journal.append([entry('a', 1)], [line('a', 1), routine(2), line('a', 3), routine(4), routine(5)])
    journal.retain(roomFor(5))
    expect(numbers()).toEqual([1, 2, 3, 4, 5])
    journal.retain({ ...roomFor(3), removable: () => false })
    expect(numbers()).toEqual([1, 3, 5])
    expect(journal.records({ limit: 1 })).toEqual([routine(5)])
    journal.append([], [line('a', 6), routine(7)])
    journal.retain({ ...roomFor(2), removable: () => false })
    expect(numbers()).toEqual([3, 6])
    journal.retain({ ...roomFor(0), removable: () => false })
    expect(numbers()).toEqual([])
  })
})

describe('the audit log without a daemon', () => {
  it('is read of a journal that is open, and of one that is closed', () => {
    const journal = open()
    journal.append([], [line('a', 1), line('b', 2)])
    expect(readJournalAuditLog(path(), { limit: 9 })).toEqual([line('a', 1), line('b', 2)])
    journal.close()
    expect(readJournalAuditLog(path(), { agentId: 'b', limit: 9 })).toEqual([line('b', 2)])
    expect(readJournalAuditLog(path(), { limit: 1 })).toEqual([line('b', 2)])
  })

  it('is empty where there is no file, and none is made', () => {
    expect(readJournalAuditLog(path('none.db'), { limit: 9 })).toEqual([])
    expect(existsSync(path('none.db'))).toBe(false)
  })

  it('is refused of what is no database', () => {
    writeFileSync(path('text.db'), 'not a database, and long enough to be looked at as one. '.repeat(100))
    expect(() => readJournalAuditLog(path('text.db'), { limit: 9 })).toThrow(SubagentError)
  })
})
