import { chmodSync, mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { checkForLeaks } from '@subagent-mcp/testkit'
import { SubagentError } from '@subagent-mcp/contract'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { entry, useJournals } from './journals.test.support.js'

checkForLeaks()
const { open, path } = useJournals()

describe('a journal', () => {
  it('returns what was written, in the order of the numbers, also after it was closed', () => {
    const journal = open()
    const body = { text: 'é \u0000 𝄞', nothing: null, list: [1.5, { deep: true }] }
    expect(journal.append([{ at: 1_791_234_567_890, agentId: 'a', type: 'launch-requested', body }])).toBe(1)
    expect(journal.append([entry('b', 1), entry('a', 2)])).toBe(3)
    expect(journal.append([])).toBe(3)
    journal.close()
    journal.close()
    const read = open().read({})
    expect(read).toEqual([
      { seq: 1, at: 1_791_234_567_890, agentId: 'a', type: 'launch-requested', body },
      { seq: 2, ...entry('b', 1) },
      { seq: 3, ...entry('a', 2) },
    ])
  })

  it('is read by pages', () => {
    const journal = open()
    journal.append(Array.from({ length: 1_200 }, (_, index) => entry(index % 2 ? 'odd' : 'even', index)))
    const seqs = (query: Parameters<typeof journal.read>[0]) => journal.read(query).map(({ seq }) => seq)
    expect(seqs({ limit: 2 })).toEqual([1, 2])
    expect(seqs({ after: 2, limit: 2 })).toEqual([3, 4])
    expect(seqs({ after: 2, before: 4 })).toEqual([3])
    expect(seqs({ agentId: 'odd', after: 2, limit: 2 })).toEqual([4, 6])
    expect(seqs({ agentId: 'even', before: 4 })).toEqual([1, 3])
    expect(seqs({ agentId: 'nobody' })).toEqual([])
    expect(seqs({})).toHaveLength(1_000)
    expect(seqs({ after: 1_000 })).toHaveLength(200)
    expect(journal.lastSeq()).toBe(1_200)
  })

  it('is the only one that writes facts of its agents', () => {
    const [mine, other] = [open(), open()]
    mine.append([entry('a', 1)])
    other.append([entry('b', 1)])
    expect(other.append([entry('c', 1), entry('a', 2)])).toBe(3)
    expect(other.append([entry('a', 2)])).toBe(3)
    expect(other.read({}).map(({ agentId }) => agentId)).toEqual(['a', 'b', 'c'])
  })

  it('says once of each agent of another owner that its facts are left out, once the rest is written', () => {
    const told: (readonly string[])[] = []
    const mine = open()
    mine.append([entry('a', 1), entry('b', 2)])
    const other = open({ onForeign: (agentIds) => told.push(agentIds) })
    other.append([entry('a', 3), entry('c', 4), entry('a', 5)])
    expect(told).toEqual([['a']])
    other.append([entry('b', 6), entry('a', 7), entry('c', 8)])
    other.append([entry('a', 9)])
    expect(told).toEqual([['a'], ['b']])
    expect(other.read({ agentId: 'c' }).map(({ at }) => at)).toEqual([4, 8])
    expect(other.read({})).toHaveLength(4)
  })

  it('uses no number twice, also when the last facts are gone', () => {
    const journal = open()
    expect(journal.lastSeq()).toBe(0)
    journal.append([entry('a', 1), entry('b', 2)])
    journal.forget(['b', 'nobody'])
    expect(journal.lastSeq()).toBe(2)
    expect(journal.append([entry('b', 3)])).toBe(3)
    expect(journal.read({}).map(({ seq }) => seq)).toEqual([1, 3])
  })

  it.skipIf(process.platform === 'win32')('is for the eyes of its user alone', () => {
    const journal = open()
    journal.append([entry('a', 1)])
    const mode = (of: string) => (statSync(of).mode & 0o777).toString(8)
    const modes = () => readdirSync(dirname(path())).map((name) => mode(path(`home/${name}`)))
    expect(modes()).toEqual(['600', '600', '600', '600'])
    expect(mode(dirname(path()))).toBe('700')
    chmodSync(path(), 0o644)
    open()
    expect(modes()).toEqual(['600', '600', '600', '600'])
  })

  it('says its size', () => {
    const journal = open()
    const before = journal.size().bytes
    journal.append([{ ...entry('a', 1), body: 'x'.repeat(100_000) }])
    expect(journal.size().path).toBe(path())
    expect(journal.size().bytes - before).toBeGreaterThan(100_000)
  })
})

describe('a journal is refused', () => {
  const refuse = (message: string, hint: string, file?: string) => {
    const error = thrownBy(() => open(file === undefined ? {} : { path: file }))
    expect(error.code).toBe('io-failed')
    expect(error.message).toContain(message)
    expect(error.hint).toContain(hint)
  }

  it('of a newer format', () => {
    open().close()
    const database = new Database(path())
    database.exec('PRAGMA user_version = 1000')
    database.close()
    refuse('has format 1000', 'update')
  })

  it('whose folder cannot be made', () => {
    writeFileSync(path('file'), '')
    refuse('cannot be made', 'in the way', path('file/journal.db'))
    refuse('cannot be made', 'in the way', path('file/below/journal.db'))
  })

  it('whose name is a folder', () => {
    mkdirSync(path(), { recursive: true })
    refuse('cannot be used', 'look at the file')
  })

  it.skipIf(process.getuid?.() === 0)('whose folder cannot be written', () => {
    mkdirSync(dirname(path()), { mode: 0o500 })
    refuse('cannot be written', 'writable')
  })

  it.runIf(process.platform === 'linux')('where nobody can write', () => {
    refuse('journal', 'SUBAGENT_MCP_HOME', '/proc/self/journal.db')
  })
})

function thrownBy(act: () => unknown): SubagentError {
  try {
    act()
  } catch (error) {
    if (error instanceof SubagentError) return error
    throw error
  }
  throw new Error('nothing was thrown')
}
