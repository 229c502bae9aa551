import type { Failure } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import { blank } from '../recordings.test.support.js'
import { said, talk } from './talk.test.support.js'

const prompt = (turnId: string) => ({ type: 'prompt', turnId, text: turnId }) as const
const rewind = (turnId: string) => ({ type: 'rewind', turnId }) as const
const done = { type: 'conversation-reset' }
const identified = { type: 'session-identified', sessionId: 'new', model: 'gpt-9-sol' }
const thread = { type: 'result', result: { thread: { id: 'new' }, model: 'gpt-9-sol' } } as const
const refusals = [
  ['is refused', { type: 'error', code: -1, message: 'no room' }],
  ['does not come in time', { type: 'timed-out' }],
] as const

type Talk = ReturnType<typeof talk>

/** A turn from its prompt to its end, with what Codex told of it in raw items. */
function turn({ tell, hear, answer }: Talk, turnId: string, items: readonly object[] = []): void {
  tell(prompt(turnId))
  answer('turn/start', { type: 'result', result: { turn: { id: `codex-${turnId}` } } })
  for (const item of items) hear('rawResponseItem/completed', { item })
  hear('turn/completed', { turn: { id: `codex-${turnId}`, status: 'completed' } })
}

describe('a reset', () => {
  test('leaves the thread, then gets another, and holds what is told until it is there', () => {
    const { tell, left, answer, sent, endings, events, calls } = talk()
    tell({ type: 'reset' })
    tell(prompt('t1'))
    expect([sent(), endings]).toEqual([[], [{ threadId: 'thread', thread: 'goes' }]])
    left()
    answer('thread/start', thread)
    expect(events).toEqual([identified, done])
    expect(calls).toMatchObject([{ method: 'turn/start', params: { threadId: 'new' } }])
  })

  test.each(refusals)(
    'whose thread %s ends the session, and each prompt that waits for it',
    (_, answered) => {
      const { tell, left, answer, faults, events, now } = talk()
      tell({ type: 'reset' })
      tell(prompt('t1'))
      left()
      answer('thread/start', answered)
      expect(faults).toHaveLength(1)
      expect(now().forgetting).toBeUndefined()
      expect(events).toMatchObject([{ turnId: 't1', outcome: { type: 'failed' }, sessionEnds: true }])
    },
  )

  test('ends the session when the thread stays: its processes could go on', () => {
    const { tell, left, sent, faults } = talk()
    const failure: Failure = { reason: 'timed-out', message: 'no' }
    tell({ type: 'reset' })
    left(failure)
    expect([faults, sent()]).toEqual([['timed-out'], []])
  })

  test.each(['reset', 'rewind'] as const)('(%s) is not for the midst of a turn', (type) => {
    const { tell, sent, notices } = talk()
    tell(prompt('t1'))
    tell({ type, turnId: 't1' })
    expect([sent(), notices()]).toEqual([['turn/start'], ['a turn is running: nothing was forgotten']])
  })
})

describe('a rewind', () => {
  test('takes the newest turn back, one after the other', () => {
    const talking = talk()
    const { tell, left, answer, calls, endings, events } = talking
    for (const id of ['t1', 't2']) turn(talking, id)
    events.splice(0)
    for (const id of ['t2', 't1']) {
      tell(rewind(id))
      left()
      expect(calls).toMatchObject([{ method: 'thread/revert', params: { beforeTurnId: `codex-${id}` } }])
      answer('thread/revert', { type: 'result', result: {} })
    }
    expect(endings).toEqual(Array(2).fill({ threadId: 'thread', thread: 'stays' }))
    expect(events).toEqual([done, done])
  })

  test('has nothing to take back of a turn that Codex refused', () => {
    const { tell, answer, sent, events } = talk()
    tell(prompt('t1'))
    answer('turn/start', said.refused)
    tell(rewind('t1'))
    expect(sent()).toEqual([])
    expect(events.at(-1)).toEqual(done)
  })

  test('of an older turn ends the session', () => {
    const talking = talk()
    for (const id of ['t1', 't2']) turn(talking, id)
    talking.tell(rewind('t1'))
    expect(talking.faults).toEqual(['bad-request'])
  })

  test.each(refusals)('that %s ends the session', (_, answered) => {
    const talking = talk()
    turn(talking, 't1')
    talking.tell(rewind('t1'))
    talking.left()
    talking.answer('thread/revert', answered)
    expect(talking.faults).toHaveLength(1)
  })
})

describe('a rewind of an ephemeral session', () => {
  const ephemeral = { threadParams: { ...blank.threadParams, ephemeral: true } } as const
  const about = (...content_item_kinds: string[]) => ({
    internal_chat_message_metadata_passthrough: { content_item_kinds },
  })
  const [asked, answered] = [
    { type: 'message', role: 'user', id: 'u', ...about('user.text') },
    { type: 'message', role: 'assistant', id: 'a' },
  ]
  const own = [
    { type: 'additional_tools', role: 'developer' },
    { type: 'message', role: 'developer' },
    { type: 'message', role: 'user', ...about('agents_md.instructions', 'environments.environment_context') },
  ]

  test('tells a new thread what was said before, less what Codex writes by itself', () => {
    const talking = talk(ephemeral)
    const { tell, left, answer, calls, events } = talking
    turn(talking, 't1', [...own, asked, answered])
    turn(talking, 't2', [asked])
    events.splice(0)
    tell(rewind('t2'))
    left()
    answer('thread/start', thread)
    const params = { threadId: 'new', items: [asked, answered] }
    expect(calls).toEqual([{ method: 'thread/inject_items', params }])
    expect(events).toEqual([identified])
    answer('thread/inject_items', { type: 'result', result: {} })
    expect(events).toEqual([identified, done])
  })

  test('ends the session when Codex did not tell what was said', () => {
    const talking = talk(ephemeral)
    for (const id of ['t1', 't2']) turn(talking, id)
    talking.tell(rewind('t2'))
    expect(talking.faults).toEqual(['protocol'])
  })
})
