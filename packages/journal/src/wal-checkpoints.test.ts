import { statSync } from 'node:fs'
import { setTimeout as delay } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { useJournals, useWriters } from './journals.test.support.js'
import { openSqliteStore } from './sqlite-store.js'

const { path } = useJournals()
const start = useWriters()

test('a journal that is closed while its write-ahead log is merged ends no process', async () => {
  const writer = start(
    path(),
    `const journal = open('n')
    const body = { text: 'x'.repeat(100_000) }
    for (let at = 1; at <= 200; at += 1) {
      journal.append([{ at, agentId: 'a', type: 'n', body }])
      // The merge begins in its own thread during one of these pauses.
      if (at % 64 === 0) await new Promise((done) => setImmediate(done))
    }
    journal.close()
    try { journal.append([{ at: 0, agentId: 'a', type: 'n', body }]) } catch ({ code }) { print(code) }
    setTimeout(() => print('lives'), 200)`,
  )
  await writer.until(2)
  await writer.finish()
  expect(writer.lines).toEqual(['"io-failed"', '"lives"'])
})

test('a long log is restarted while rows are written without a pause, before SQLite itself merges it', async () => {
  const store = openSqliteStore(path())
  store.execute('CREATE TABLE texts (text TEXT)')
  const megabytes = (): number => statSync(`${path()}-wal`).size / 2 ** 20
  const add = (text: string): void => {
    store.write(() => store.run('INSERT INTO texts VALUES (?)', text))
  }
  while (megabytes() < 36) add('x'.repeat(1_000_000))
  // SQLite merges a log of 62 MB in the writing thread.
  while (megabytes() > 20 && megabytes() < 60) {
    add('x')
    await delay(2)
  }
  expect(megabytes()).toBeLessThan(20)
  store.close()
})
