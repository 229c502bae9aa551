import { expect, test } from 'vitest'
import { createAcpSessionListeners } from './session-listeners.js'

const retry = (attempt: number) => ({
  attempt,
  maxAttempts: 10,
  failure: { reason: 'rate-limited', message: 'too much' } as const,
})

/** Returns the sessions that receive a retry. `asking` says for each when it asked its model, and its retries before. */
function toldOf(attempt: number, asking: Record<string, { since: number; retries: number } | undefined>) {
  const followers = createAcpSessionListeners()
  const told: string[] = []
  for (const [id, asks] of Object.entries(asking)) {
    followers.follow(id, {
      onNotification: () => undefined,
      onRequest: () => 'unknown',
      onRetry: () => told.push(id),
      modelRequest: () => asks,
      isBusy: () => asks !== undefined,
    })
  }
  followers.onRetry(retry(attempt))
  return told
}

test.each([
  ['nobody, when nobody waits for a model', 1, { a: undefined }, []],
  ['the one that waits', 1, { a: undefined, b: { since: 1, retries: 0 } }, ['b']],
  ['the last that asked', 1, { a: { since: 1, retries: 0 }, b: { since: 2, retries: 0 } }, ['b']],
  ['the one with as many before', 2, { a: { since: 1, retries: 1 }, b: { since: 2, retries: 0 } }, ['a']],
  ['somebody, when none has as many', 3, { a: { since: 1, retries: 0 } }, ['a']],
])('a retry is told to %s', (_, attempt, asking, told) => {
  expect(toldOf(attempt, asking)).toEqual(told)
})

test('a question of a session that nobody follows is taken back, another request refused', () => {
  const { onRequest } = createAcpSessionListeners()
  const replies: unknown[] = []
  const ask = (method: string) =>
    onRequest({ id: 1, method, params: { sessionId: 's' } }, (reply) => replies.push(reply))
  expect(ask('session/request_permission')).toBe('taken')
  expect(ask('fs/read_text_file')).toBe('unknown')
  expect(replies).toEqual([{ result: { outcome: { outcome: 'cancelled' } } }])
})
