import type { Failure } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import { encodeAcpCommand } from './encode.js'
import { createAcpConversation } from './conversation.js'
import { recordedChoices, shortenEvents, replay } from '../recordings.test.support.js'
import { translateAcpNotification } from './translate.js'

const transcripts: [string, string[]][] = [
  [
    'turn',
    [
      ...['thinking', 'message hello world', 'used 12088/4', 'completed: hello world'],
      ...['message again', 'used 12113/2', 'completed: again'],
    ],
  ],
  [
    'tool-allowed',
    [
      ...['message let me', 'tool edit', 'asked edit', 'tool ok: changed /home/user/project/x.txt'],
      ...['message done', 'used 24324/13', 'completed: done'],
    ],
  ],
  [
    'tool-denied',
    [
      ...['message let me', 'tool execute', 'asked execute', 'tool failed: the request was denied'],
      ...['message went on', 'used 24301/10', 'completed: went on'],
    ],
  ],
  ['tool-unasked', ['tool execute', 'tool ok: ', 'message said', 'used 24293/7', 'completed: said']],
  [
    'tool-fails',
    [
      ...['tool read', 'tool failed: File not found: /home/user/project/nowhere.txt'],
      ...['message no such file', 'used 24289/10', 'completed: no such file'],
    ],
  ],
  ['mode', ['message planned', 'used 21089/3', 'completed: planned']],
  ['cancel', ['message begun', 'interrupted', 'message after', 'used 12080/2', 'completed: after']],
  ['cancel-at-once', ['interrupted', 'message after', 'used 12080/2', 'completed: after']],
  [
    'cancel-question',
    [
      ...['tool execute', 'asked execute', 'withdrawn', 'tool failed: the turn ended', 'interrupted'],
      ...['message after', 'used 12143/2', 'completed: after'],
    ],
  ],
  [
    'cancel-command',
    [
      ...['tool execute', 'asked execute', 'tool ok: Command cancelled by user.', 'interrupted'],
      ...['message after', 'used 12144/2', 'completed: after'],
    ],
  ],
  ['retried', ['retry 1/10 rate-limited', 'message back', 'used 12088/1', 'completed: back']],
  ['retried-later', ['retry 1/10 rate-limited', 'message back', 'used 12091/1', 'completed: back']],
  ['empty', ['used 12117/0', 'completed: ']],
  ['killed', []],
  ['load-unknown', []],
]

const failures: [string, Partial<Failure>, number][] = [
  ['error-400', { reason: 'bad-request', httpStatus: 400 }, 0],
  ['error-401', { reason: 'not-signed-in', httpStatus: 401 }, 0],
  ['error-403', { reason: 'not-signed-in', httpStatus: 403 }, 0],
  ['error-404', { reason: 'model-unavailable' }, 0],
  ['error-429', { reason: 'rate-limited', httpStatus: 429, message: 'too much' }, 1],
  ['error-500', { reason: 'overloaded', httpStatus: 500, message: 'too much' }, 1],
  ['error-529', { reason: 'overloaded', httpStatus: 529, message: 'too much' }, 1],
  ['error-key', { reason: 'not-signed-in', httpStatus: 400 }, 0],
  ['error-too-long', { reason: 'context-too-long' }, 0],
  ['cut', { reason: 'connection-lost' }, 0],
]

describe('a session recorded with gemini 0.61.0', () => {
  test.each(transcripts)('%s', (name, expected) => {
    expect(shortenEvents(replay(name).events)).toEqual(expected)
  })

  test.each(failures)('%s', (name, failure, retries) => {
    const { events } = replay(name)
    const ended = events.find((event) => event.type === 'turn-ended')
    expect(ended?.outcome).toMatchObject({ type: 'failed', failure })
    const announced = events.filter((event) => event.type === 'retry-announced')
    expect(announced.map((event) => event.failure.reason)).toEqual(Array(retries).fill(failure.reason))
  })

  test('load: what was said before is no event, also when it comes after the answer', () => {
    const words = shortenEvents(replay('load').events)
    expect(words).toHaveLength(3)
    expect(words[0]).toMatch(/^message You said before/)
  })

  test('deltas: the text as it is written', () => {
    const { events } = replay('turn')
    const deltas = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))
    expect(deltas).toEqual(['hello ', 'world', 'again'])
  })

  test('a question shows what the tool is to do', () => {
    const asked = replay('tool-allowed').events.find((event) => event.type === 'approval-requested')
    expect(asked).toMatchObject({
      tool: 'edit',
      input: {
        title: 'Writing to x.txt',
        paths: ['/home/user/project/x.txt'],
        content: [{ newText: 'hello' }],
      },
    })
  })
})

describe('news that we do not read', () => {
  const prompted = encodeAcpCommand(createAcpConversation('s', recordedChoices), {
    type: 'prompt',
    turnId: 't',
    text: 'go',
  }).conversation

  test.each([
    ['another method', 'session/news', {}],
    ['a kind that is new', 'session/update', { update: { sessionUpdate: 'compaction_update' } }],
    ['a broken one', 'session/update', { update: { sessionUpdate: 'tool_call', toolCallId: 7 } }],
    [
      'an image',
      'session/update',
      { update: { sessionUpdate: 'agent_message_chunk', content: { type: 'image' } } },
    ],
    ['nothing', 'session/update', undefined],
  ])('passes by: %s', (_, method, params) => {
    const { conversation, events, calls } = translateAcpNotification(prompted, { method, params })
    expect({ conversation, events, calls }).toEqual({ conversation: prompted, events: [], calls: [] })
  })
})
