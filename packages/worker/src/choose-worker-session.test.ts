import { expect, test } from 'vitest'
import { messageOf } from './message.test.support.js'
import {
  addKnownMessagesToSession,
  findLastKnownMessageNumber,
  chooseSessionAfterTurn,
} from './choose-worker-session.js'
import type { StoredWorkerSession } from './worker-memory.js'

const threads = [{ id: 't1', seq: 4 }]
const kept: StoredWorkerSession = { id: 's1', failures: 0, threads }
const failure = { reason: 'unknown', message: 'no' } as const

test.each([
  ['ends', kept, { type: 'ended', text: 'a', session: 's2' }, { id: 's2', failures: 0, threads }],
  ['ends, and does not say in which', kept, { type: 'ended', text: 'a' }, kept],
  ['begins it and ends', undefined, { type: 'ended', text: 'a', session: 's1' }, { ...kept, threads: [] }],
  ['begins one without a name', undefined, { type: 'ended', text: 'a' }, undefined],
  ['begins it and fails', undefined, { type: 'failed', failure, session: 's1' }, undefined],
  ['fails', kept, { type: 'failed', failure }, { ...kept, failures: 1 }],
  ['fails a second time', { ...kept, failures: 1 }, { type: 'timed-out' }, undefined],
  ['ends after a failure', { ...kept, failures: 1 }, { type: 'ended', text: 'a' }, kept],
  ['finds it lost', kept, { type: 'failed', failure, sessionLost: true }, undefined],
  [
    'finds it full',
    kept,
    { type: 'failed', failure: { reason: 'context-too-long', message: 'too long' } },
    undefined,
  ],
  ['is stopped', { ...kept, failures: 1 }, { type: 'stopped' }, { ...kept, failures: 1 }],
  ['is lost', kept, { type: 'lost' }, kept],
  ['is cut off', kept, { type: 'unreachable', problem: 'gone' }, kept],
] as const)('what is left of a session when its turn %s', (_title, before, result, after) => {
  expect(chooseSessionAfterTurn(before, result)).toEqual(after)
})

test('a session knows a thread up to the last message that it heard of', () => {
  const heard = addKnownMessagesToSession(kept, [
    messageOf({ seq: 7, thread: 't2' }),
    messageOf({ seq: 3 }),
    messageOf({ seq: 6 }),
  ])
  expect([
    findLastKnownMessageNumber(heard, 't1'),
    findLastKnownMessageNumber(heard, 't2'),
    findLastKnownMessageNumber(heard, 't3'),
  ]).toEqual([6, 7, 0])
})

test('a session keeps in mind the threads that it heard of last', () => {
  const many = Array.from({ length: 300 }, (_, index) =>
    messageOf({ seq: index + 10, thread: `u${String(index)}` }),
  )
  const heard = addKnownMessagesToSession(kept, many)
  expect(heard.threads).toHaveLength(200)
  expect([findLastKnownMessageNumber(heard, 't1'), findLastKnownMessageNumber(heard, 'u299')]).toEqual([
    0, 309,
  ])
})
