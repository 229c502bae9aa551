import { openSqliteStore } from '@subagent-mcp/journal'
import { checkForLeaks } from '@subagent-mcp/testkit'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import type { MailboxCommand } from '@subagent-mcp/mailbox/backing'
import { createSqlState } from './sql/sql-state.js'
import {
  from,
  registering,
  rowsOf,
  sending,
  taking,
  tries,
  useMailStates,
} from './mail-states.test.support.js'

checkForLeaks()
const { make } = useMailStates()

const asked = [registering('b', 'i1', ['>']), sending('m1', { to: 'b', by: 'a', thread: 't' })]
const event = {
  type: 'publish',
  id: 'e1',
  from: from('a'),
  topic: 'ci',
  severity: 'high',
  body: 'e',
} as const

describe('a repeated command changes nothing and has the same outcome', () => {
  it.each<MailboxCommand>([
    sending('m1', { to: 'b', by: 'a', thread: 't' }),
    { type: 'reply', id: 'r1', from: from('b'), message: 'm1', body: 'r' },
    event,
    { ...event, key: 'k' },
    taking('k1', { agent: 'b', instance: 'i1' }),
    { type: 'leave', instances: ['i1'], maxTries: 3 },
    { type: 'tidy', keepMs: 1_000 },
  ])('%j', (command) => {
    const { state, store } = make()
    for (const before of asked) state.apply(before, 1)
    const { changed: _, ...first } = state.apply(command, 2)
    const rows = rowsOf(store)
    const { changed: __, ...second } = state.apply(command, 2)
    expect(second).toEqual(first)
    expect(rowsOf(store)).toEqual(rows)
  })

  it('an acknowledge too', () => {
    const { state } = make()
    for (const before of asked) state.apply(before, 1)
    state.apply(taking('k1', { agent: 'b', instance: 'i1' }), 2)
    const acknowledge: MailboxCommand = { type: 'acknowledge', take: 'k1', ids: null }
    expect(state.apply(acknowledge, 3)).toEqual({ type: 'acknowledged', ids: ['m1'], changed: ['b'] })
    expect(state.apply(acknowledge, 4)).toEqual({ type: 'acknowledged', ids: ['m1'], changed: [] })
  })
})

describe('the agents that a command reports as changed', () => {
  it.each<[string, MailboxCommand, string[]]>([
    ['its recipient', sending('m2', { to: 'b', by: 'a', thread: 't' }), ['b']],
    ['who asked', { type: 'reply', id: 'r1', from: from('b'), message: 'm1', body: 'r' }, ['a']],
    ['who subscribes', event, ['b']],
    ['nobody', taking('k1', { agent: 'b', instance: 'i1' }), []],
    ['nobody', taking('k1', { agent: 'a', instance: 'i1' }), []],
    ['nobody', { type: 'release', take: 'none', ids: null, failure: null, tries }, []],
    ['the agent that has a handler more', registering('w', 'i9'), ['w']],
    ['the agent that has a handler less', { type: 'leave', instances: ['i1'], maxTries: 3 }, ['b']],
    ['whose message was read', { type: 'read', agent: 'b', ids: null, limit: 9 }, ['b']],
  ])('%s, of %j', (_, command, changed) => {
    const { state } = make()
    for (const before of asked) state.apply(before, 1)
    expect(state.apply(command, 2).changed).toEqual(changed)
  })
})

it('the pause after a failed try grows up to the longest one', () => {
  const { state } = make()
  for (const before of asked) state.apply(before, 0)
  const patient = { maxTries: 9, backoffMs: 100, longestBackoffMs: 300 }
  let at = 1_000
  const pauses = [1, 2, 3, 4].map((number) => {
    const taken = state.apply(taking(`k${number}`, { agent: 'b', instance: 'i1' }), at)
    expect(taken.type).toBe('taken')
    state.apply({ type: 'release', take: `k${number}`, ids: null, failure: 'bad', tries: patient }, at)
    const { again = 0 } = state.peek({ agent: 'b', instance: 'i1', thread: null }, at)
    const pause = again - at
    at = again
    return pause
  })
  expect(pauses).toEqual([100, 200, 300, 300])
})

it('the time of commands does not go back, whatever a clock says', () => {
  const { state } = make()
  for (const before of asked) state.apply(before, 5_000)
  state.apply(sending('m2', { to: 'b', by: 'a', thread: 't' }), 1_000)
  expect(state.inbox('b').map(({ sentAt }) => sentAt)).toEqual([5_000, 5_000])
})

it('an agent without messages and handlers is deleted', () => {
  const { state } = make()
  for (const before of asked) state.apply(before, 0)
  state.apply({ type: 'read', agent: 'b', ids: null, limit: 9 }, 1)
  state.apply({ type: 'tidy', keepMs: 100 }, 1_000)
  expect(state.agents().map(({ name }) => name)).toEqual(['b'])
  state.apply({ type: 'leave', instances: ['i1'], maxTries: 3 }, 1_001)
  state.apply({ type: 'tidy', keepMs: 100 }, 2_000)
  expect(state.agents()).toEqual([])
})

it('migrates tables of the first format with all their rows', () => {
  const { state, store } = make()
  for (const before of asked) state.apply(before, 1)
  state.apply({ type: 'reply', id: 'r1', from: from('b'), message: 'm1', body: 'r' }, 2)
  state.apply({ ...event, severity: 'info' }, 3)
  const rows = rowsOf(store)
  store.execute(toFirstFormat)
  createSqlState(store)
  expect(rowsOf(store)).toEqual(rows)
  expect(state.threads({})).toMatchObject([{ id: 'e1' }, { id: 't', messages: 2, waiting: 1 }])
  expect(state.waiting()).toEqual([{ agent: 'a', messages: 1, newest: 'r1', from: ['b'] }])
})

const toFirstFormat = `
  DROP TRIGGER mailSent; DROP TRIGGER mailChanged; DROP TRIGGER mailFinished; DROP TRIGGER mailDropped;
  DROP TABLE mailTalks; DROP TABLE mailTallies;
  DROP INDEX mailQuiet; DROP INDEX mailWork; DROP INDEX mailDeadByAge; DROP INDEX mailDeadOfAgent;
  ALTER TABLE mailMessages DROP COLUMN model;
  UPDATE mailFormat SET format = 1;
`

it('the counts of a deleted agent are deleted', () => {
  const { state, store } = make()
  for (const before of asked) state.apply(before, 0)
  state.apply({ type: 'read', agent: 'b', ids: null, limit: 9 }, 1)
  state.apply({ type: 'tidy', keepMs: 100 }, 1_000)
  expect(store.rows(z.unknown(), 'SELECT agent FROM mailTallies')).toEqual([])
})

it('refuses a file whose tables have a newer format', () => {
  const folder = mkdtempSync(join(tmpdir(), 'mailbox-'))
  const [one, other] = [
    openSqliteStore(join(folder, 'journal.db')),
    openSqliteStore(join(folder, 'journal.db')),
  ]
  createSqlState(one)
  createSqlState(other)
  one.write(() => one.run('UPDATE mailFormat SET format = 99'))
  expect(() => createSqlState(other)).toThrow(/mail of format 99/)
  one.close()
  other.close()
  rmSync(folder, { recursive: true })
})

describe('a clock that was far ahead and is corrected', () => {
  const year = 365 * 24 * 3_600_000

  it('delays no retry and no end of a lease', () => {
    const { state } = make()
    for (const before of asked) state.apply(before, 1)
    state.apply(sending('m2', { to: 'b', by: 'a', thread: 'u' }), year)
    state.apply(taking('k1', { agent: 'b', instance: 'i1', limit: 1 }), year)
    state.apply({ type: 'release', take: 'k1', ids: null, failure: 'no', tries }, year)
    state.apply(taking('k2', { agent: 'b', instance: 'i1' }), year)
    expect(state.apply(taking('k3', { agent: 'b', instance: 'i2' }), 2)).toMatchObject({ again: 102 })
    expect(state.apply(taking('k4', { agent: 'b', instance: 'i2' }), 1_002)).toMatchObject({
      batch: { messages: [{ id: 'm1' }, { id: 'm2' }] },
    })
  })

  it('keeps no message and no key longer', () => {
    const { state } = make()
    for (const before of asked) state.apply(before, 1)
    const keyed = sending('m3', { to: 'b', by: 'a', thread: 'v', key: 'k' })
    state.apply(keyed, year)
    state.apply({ type: 'read', agent: 'b', ids: null, limit: 9 }, 2)
    state.apply({ type: 'tidy', keepMs: 1_000 }, 2_000)
    expect(state.thread('v')).toEqual([])
    expect(state.apply(keyed, 2_001)).toMatchObject({ type: 'sent', sent: { repeated: false } })
  })
})

it('deletes all old events that nobody has read', () => {
  const { state } = make()
  for (const before of asked) state.apply(before, 1)
  for (let count = 0; count < 1_500; count += 1) {
    state.apply({ ...event, id: `e${count}`, severity: 'info' }, 2)
  }
  state.apply({ type: 'tidy', keepMs: 1_000 }, 5_000)
  expect(state.inbox('b')).toEqual([])
})
