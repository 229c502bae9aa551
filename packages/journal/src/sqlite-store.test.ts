import { expect, test } from 'vitest'
import { z } from 'zod'
import { openMemorySqliteStore } from './sqlite-store.js'

test('a database in memory keeps what is written, also nothing, and rolls back what throws', () => {
  const store = openMemorySqliteStore()
  store.write(() => {
    store.execute('CREATE TABLE notes (text TEXT) STRICT')
    store.run('INSERT INTO notes VALUES (?)', null)
  })
  const fail = () =>
    store.write(() => {
      store.run('INSERT INTO notes VALUES (?)', 'second')
      throw new Error('on purpose')
    })
  expect(fail).toThrow('on purpose')
  expect(store.rows(z.unknown(), 'SELECT text FROM notes')).toEqual([{ text: null }])
  expect(() => store.rows(z.unknown(), 'SELECT 1 FROM nowhere')).toThrow(
    /^the database in memory cannot be used/,
  )
  store.close()
})

test('a call after the close is an error, and does not abort the process', () => {
  const store = openMemorySqliteStore()
  store.close()
  const closed = 'the database in memory is closed'
  expect(() => store.rows(z.unknown(), 'SELECT 1')).toThrow(closed)
  expect(() => store.write(() => store.execute('CREATE TABLE t (x)'))).toThrow(closed)
})
