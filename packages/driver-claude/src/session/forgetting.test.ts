import type { SessionCommand, SessionEvent } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import { initialClaudeConversation, type ClaudeConversation, type ClaudeStep } from './conversation.js'
import { encodeClaudeCommand } from './encode.js'
import { translateClaudeLine } from './translate.js'

/** Sends a command to a Claude session that has a conversation, feeds it lines, and returns the last step. */
function after(command: SessionCommand, ...lines: object[]): ClaudeStep & { events: SessionEvent[] } {
  const conversation: ClaudeConversation = {
    ...initialClaudeConversation,
    sessionId: 'old',
    namesMessages: true,
  }
  let step = encodeClaudeCommand(conversation, command, 'f1')
  const events = [...step.events]
  for (const line of lines) {
    step = translateClaudeLine(step.conversation, JSON.stringify(line))
    events.push(...step.events)
  }
  return { ...step, events }
}

const cleared = (more: object) => ({
  ...{ type: 'result', is_error: false, result: '', num_turns: 0 },
  ...{ session_id: 'new', user_message_uuids: ['f1'] },
  ...more,
})
const answer = (body: object) => ({
  type: 'control_response',
  response: { request_id: 'f1', subtype: 'success', ...body },
})

describe('a reset', () => {
  test('says the new id, then that it is done, and nothing is owed', () => {
    const { events, conversation, fault } = after({ type: 'reset' }, cleared({}))
    expect(events).toEqual([{ type: 'session-identified', sessionId: 'new' }, { type: 'conversation-reset' }])
    expect(conversation).toMatchObject({ sessionId: 'new', forgetting: undefined, owed: [] })
    expect(fault).toBeUndefined()
  })

  test('is acknowledged by its own result alone', () => {
    const { events, conversation } = after({ type: 'reset' }, cleared({ user_message_uuids: ['t0'] }))
    expect(events).toEqual([{ type: 'notice', text: 'a result that belongs to no prompt was left out' }])
    expect(conversation).toMatchObject({ owed: ['f1'] })
  })

  test.each([
    ['is refused', { is_error: true, result: 'no' }],
    ['leaves the session as it was', { session_id: 'old' }],
    ['has no new session', { session_id: undefined }],
  ])('%s: the session cannot go on', (_, more) => {
    const { events, fault } = after({ type: 'reset' }, cleared(more))
    expect(events).toEqual([])
    expect(fault).toMatchObject({ reason: 'protocol' })
  })
})

describe('a rewind', () => {
  const rewind = { type: 'rewind', turnId: 't1' } as const

  test('says that it is done; the session stays the same', () => {
    const { events, conversation, fault } = after(rewind, answer({ response: { rewound: true } }))
    expect(events).toEqual([{ type: 'conversation-reset' }])
    expect(conversation).toMatchObject({ sessionId: 'old', forgetting: undefined, owed: [] })
    expect(fault).toBeUndefined()
  })

  test.each([
    ['was not found', { response: { rewound: false, error: 'target not found' } }, 'target not found'],
    ['is not known', { subtype: 'error', error: 'unknown subtype' }, 'unknown subtype'],
    ['is not said to be done', {}, 'it does not say why'],
  ])('%s: the session cannot go on', (_, body, words) => {
    const { events, fault } = after(rewind, answer(body))
    expect(events).toEqual([])
    expect(fault).toEqual({
      reason: 'protocol',
      message: `claude did not forget the conversation: ${words}`,
    })
  })

  test('is not acknowledged by the answer to something else', () => {
    const other = { type: 'control_response', response: { request_id: 'x', subtype: 'success' } }
    expect(after(rewind, other)).toMatchObject({ events: [], conversation: { owed: ['f1'] } })
  })
})
