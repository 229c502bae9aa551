import { copyFileSync, readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { entry, useJournals } from './journals.test.support.js'
import { isKnownSound, noteOwnChange } from './sound-file.js'
import { openStore } from './store.js'

const { open, path } = useJournals()
const day = 24 * 60 * 60 * 1000

/** A journal of another session, which was closed. */
function closed(): void {
  const journal = open({ now: () => day })
  journal.append([entry('a', 1)])
  journal.close()
}

test('a file is known to be sound until something else writes it, for a week', () => {
  closed()
  expect([0, day, 7 * day, 8 * day].map((now) => isKnownSound(path(), now))).toEqual([
    false,
    true,
    true,
    false,
  ])
  const bytes = readFileSync(path())
  writeFileSync(path(), bytes)
  expect(isKnownSound(path(), day)).toBe(false)
})

test('the note follows the changes of this process, also while the journal is open', () => {
  closed()
  const journal = open({ now: () => 2 * day })
  journal.append([entry('a', 2)])
  expect(journal.trouble()).toBeUndefined()
  expect(isKnownSound(path(), 2 * day)).toBe(true)
})

test('a copy is another file, and a torn note is none', () => {
  closed()
  copyFileSync(path(), path('copy.db'))
  copyFileSync(path('home/journal.sound'), path('copy.sound'))
  expect(isKnownSound(path('copy.db'), day)).toBe(false)
  writeFileSync(path('home/journal.sound'), '{"checked')
  expect(isKnownSound(path(), day)).toBe(false)
})

test('damage that is found in use ends the trust, so that the next opening repairs the file', () => {
  closed()
  const store = openStore(path())
  store.write(() => {
    store.execute(`UPDATE facts SET body = '{"number":8}'`)
  })
  store.close()
  noteOwnChange(path())
  const losses: unknown[] = []
  const options = { now: () => day, onLoss: (loss: unknown) => losses.push(loss) }
  const journal = open(options)
  expect(losses).toEqual([])
  journal.read({})
  expect(losses).toMatchObject([{ found: 'fact 1 is not what was written' }])
  journal.close()
  open(options)
  expect(losses).toMatchObject([{}, { found: 'it was damaged (1 facts are not what was written)' }])
})
