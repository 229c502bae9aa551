import type { SessionCommand } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import { answered } from './answered.js'
import { encode } from './encode.js'
import { blank } from './recordings.test.support.js'

const prompt: SessionCommand = { type: 'prompt', turnId: 't1', text: 'after it' }

test.each([
  ['is refused', { type: 'error', code: -1, message: 'no room' } as const],
  ['does not come in time', { type: 'timed-out' } as const],
])('a new thread that %s ends the session, and each prompt that waits for it', (_name, answer) => {
  const { conversation, calls } = encode(blank, { type: 'reset' })
  const waiting = encode(conversation, prompt)
  const [call] = calls
  if (call === undefined) throw new Error('no thread was asked for')
  const { conversation: after, events, fault } = answered(waiting.conversation, call, answer)
  expect(fault).toBeDefined()
  expect(after.afterReset).toBeUndefined()
  expect(events).toEqual([
    { type: 'turn-ended', turnId: 't1', outcome: { type: 'failed', failure: fault }, sessionEnds: true },
  ])
})
