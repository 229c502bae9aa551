import { checkForLeaks } from '@subagent-mcp/testkit'
import Database from 'libsql'
import { describe, expect, it } from 'vitest'
import { factsIn, useJournals, useWriters } from './journals.test.support.js'

checkForLeaks()
const { open, path } = useJournals()
const start = useWriters()

/** The rounds of this random test: few in `npm test`, many in a soak. */
const rounds = process.env['SOAK'] === undefined ? 5 : 100

/** A script that appends one, two or three facts at a time, and prints their last number once they are written. */
const appends = `
  const journal = open('dead')
  for (let number = 1; ; ) {
    const entries = Array.from({ length: 1 + number % 3 }, () => ({ at: 0, agentId: 'agent ' + process.pid, type: 'n', body: number++ }))
    print(journal.append(entries))
    if (number % 500 === 0) await new Promise(setImmediate)
  }
`

describe('a process that is killed at any moment', () => {
  it('loses nothing that was written', async () => {
    for (let round = 0; round < rounds; round += 1) {
      const before = open().lastSeq()
      const writer = start(path(), appends)
      await writer.until(1 + Math.floor(Math.random() * 300))
      await writer.kill()
      const printed = writer.lines.map(Number)
      const adopted = factsIn(open({ isAlive: ({ nonce }) => nonce !== 'dead' }).adopt().entries)
      const written = adopted.filter(({ seq }) => seq > before)
      expect(written.map(({ seq }) => seq)).toEqual(expect.arrayContaining(printed))
      // None between is lost, and at the end no half of what was written together.
      expect(written.map(({ body }) => body)).toEqual(written.map((_, index) => index + 1))
      expect(problemsOf(path())).toEqual([{ integrity_check: 'ok' }])
    }
  })
})

function problemsOf(file: string): unknown[] {
  const database = new Database(file)
  try {
    return database.prepare('PRAGMA integrity_check').all()
  } finally {
    database.close()
  }
}
