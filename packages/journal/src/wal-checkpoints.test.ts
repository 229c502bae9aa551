import { expect, test } from 'vitest'
import { useJournals, useWriters } from './journals.test.support.js'

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
