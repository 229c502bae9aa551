import type { Failure } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import { newThreadConversation } from '../recordings.test.support.js'
import { serverMessages, startConversation } from './talk.test.support.js'

const prompt = (turnId: string) => ({ type: 'prompt', turnId, text: turnId }) as const
const rewind = (turnId: string) => ({ type: 'rewind', turnId }) as const
const done = { type: 'conversation-reset' }
const identified = { type: 'session-identified', sessionId: 'new', model: 'gpt-9-sol' }
const thread = { type: 'result', result: { thread: { id: 'new' }, model: 'gpt-9-sol' } } as const
const refusals = [
  ['is refused', { type: 'error', code: -1, message: 'no room' }],
  ['does not come in time', { type: 'timed-out' }],
] as const

type Talk = ReturnType<typeof startConversation>

/** Plays a turn of a test conversation from its prompt to its end, with the raw items that Codex reports. */
function turn({ send, notify, answer }: Talk, turnId: string, items: readonly object[] = []): void {
  send(prompt(turnId))
  answer('turn/start', { type: 'result', result: { turn: { id: `codex-${turnId}` } } })
  for (const item of items) notify('rawResponseItem/completed', { item })
  notify('turn/completed', { turn: { id: `codex-${turnId}`, status: 'completed' } })
}

describe('a reset', () => {
  test('leaves the thread, then gets another, and holds what is told until it is there', () => {
    const { send, onThreadEnded, answer, sent, endings, events, calls } = startConversation()
    send({ type: 'reset' })
    send(prompt('t1'))
    expect([sent(), endings]).toEqual([[], [{ threadId: 'thread', thread: 'goes' }]])
    onThreadEnded()
    answer('thread/start', thread)
    expect(events).toEqual([identified, done])
    expect(calls).toMatchObject([{ method: 'turn/start', params: { threadId: 'new' } }])
  })

  test.each(refusals)(
    'whose thread %s ends the session, and each prompt that waits for it',
    (_, answered) => {
      const { send, onThreadEnded, answer, faults, events, now } = startConversation()
      send({ type: 'reset' })
      send(prompt('t1'))
      onThreadEnded()
      answer('thread/start', answered)
      expect(faults).toHaveLength(1)
      expect(now().forgetting).toBeUndefined()
      expect(events).toMatchObject([{ turnId: 't1', outcome: { type: 'failed' }, sessionEnds: true }])
    },
  )

  test('ends the session when the thread stays: its processes could go on', () => {
    const { send, onThreadEnded, sent, faults } = startConversation()
    const failure: Failure = { reason: 'timed-out', message: 'no' }
    send({ type: 'reset' })
    onThreadEnded(failure)
    expect([faults, sent()]).toEqual([['timed-out'], []])
  })

  test.each(['reset', 'rewind'] as const)('(%s) is not for the midst of a turn', (type) => {
    const { send, sent, notices } = startConversation()
    send(prompt('t1'))
    send({ type, turnId: 't1' })
    expect([sent(), notices()]).toEqual([['turn/start'], ['a turn is running: nothing was forgotten']])
  })
})

describe('a rewind', () => {
  test('takes the newest turn back, one after the other', () => {
    const talking = startConversation()
    const { send, onThreadEnded, answer, calls, endings, events } = talking
    for (const id of ['t1', 't2']) turn(talking, id)
    events.splice(0)
    for (const id of ['t2', 't1']) {
      send(rewind(id))
      onThreadEnded()
      expect(calls).toMatchObject([{ method: 'thread/revert', params: { beforeTurnId: `codex-${id}` } }])
      answer('thread/revert', { type: 'result', result: {} })
    }
    expect(endings).toEqual(Array(2).fill({ threadId: 'thread', thread: 'stays' }))
    expect(events).toEqual([done, done])
  })

  test('has nothing to take back of a turn that Codex refused', () => {
    const { send, answer, sent, events } = startConversation()
    send(prompt('t1'))
    answer('turn/start', serverMessages.refused)
    send(rewind('t1'))
    expect(sent()).toEqual([])
    expect(events.at(-1)).toEqual(done)
  })

  test('of an older turn ends the session', () => {
    const talking = startConversation()
    for (const id of ['t1', 't2']) turn(talking, id)
    talking.send(rewind('t1'))
    expect(talking.faults).toEqual(['bad-request'])
  })

  test.each(refusals)('that %s ends the session', (_, answered) => {
    const talking = startConversation()
    turn(talking, 't1')
    talking.send(rewind('t1'))
    talking.onThreadEnded()
    talking.answer('thread/revert', answered)
    expect(talking.faults).toHaveLength(1)
  })
})

describe('a rewind of an ephemeral session', () => {
  const ephemeral = { threadParams: { ...newThreadConversation.threadParams, ephemeral: true } } as const
  const about = (...content_item_kinds: string[]) => ({
    internal_chat_message_metadata_passthrough: { content_item_kinds },
  })
  const [asked, readCodexAnswer] = [
    { type: 'message', role: 'user', id: 'u', ...about('user.text') },
    { type: 'message', role: 'assistant', id: 'a' },
  ]
  const own = [
    { type: 'additional_tools', role: 'developer' },
    { type: 'message', role: 'developer' },
    { type: 'message', role: 'user', ...about('agents_md.instructions', 'environments.environment_context') },
  ]

  test('tells a new thread what was said before, less what Codex writes by itself', () => {
    const talking = startConversation(ephemeral)
    const { send, onThreadEnded, answer, calls, events } = talking
    turn(talking, 't1', [...own, asked, readCodexAnswer])
    turn(talking, 't2', [asked])
    events.splice(0)
    send(rewind('t2'))
    onThreadEnded()
    answer('thread/start', thread)
    const params = { threadId: 'new', items: [asked, readCodexAnswer] }
    expect(calls).toEqual([{ method: 'thread/inject_items', params }])
    expect(events).toEqual([identified])
    answer('thread/inject_items', { type: 'result', result: {} })
    expect(events).toEqual([identified, done])
  })

  test('ends the session when Codex did not send what was said', () => {
    const talking = startConversation(ephemeral)
    for (const id of ['t1', 't2']) turn(talking, id)
    talking.send(rewind('t2'))
    expect(talking.faults).toEqual(['protocol'])
  })
})
