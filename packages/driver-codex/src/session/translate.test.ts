import type { Failure } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import { newThreadConversation, shortenEvents, replay } from '../recordings.test.support.js'
import { translateCodexNotification } from './translate.js'

const command: unknown = expect.stringMatching(/^asked exec_command \{"command":".*touch asked/)

const transcripts: [string, unknown[]][] = [
  [
    'turn',
    [
      'thinking',
      'message hello world',
      'used',
      'completed: hello world',
      'message again',
      'used',
      'completed: again',
    ],
  ],
  [
    'tool-allowed',
    ['message let me', 'tool exec_command', command, 'tool ok: ', 'message done', 'used', 'completed: done'],
  ],
  [
    'tool-denied',
    ['tool exec_command', command, 'tool failed: ', 'message went on', 'used', 'completed: went on'],
  ],
  ['tool-fails', ['tool exec_command', 'tool failed: no', 'message went on', 'used', 'completed: went on']],
  [
    'patch-allowed',
    [
      'tool apply_patch',
      expect.stringMatching(/^asked apply_patch .*p\.txt.*hello/),
      expect.stringMatching(/^tool ok: .*p\.txt$/),
      ...['message done', 'used', 'completed: done'],
    ],
  ],
  [
    'mcp',
    [
      ...['tool mcp__alpha__ping', 'tool ok: pong from alpha'],
      ...['tool mcp__alpha__wipe', 'asked mcp__alpha__wipe {"x":"all"}', 'tool ok: pong from alpha'],
      ...[
        'tool mcp__alpha__ask',
        'tool ok: elicited {"action":"decline"}',
        'message done',
        'used',
        'completed: done',
      ],
    ],
  ],
  ['interrupt', ['message begun', 'interrupted', 'message after', 'used', 'completed: after']],
  [
    'interrupt-approval',
    [
      'tool exec_command',
      command,
      'withdrawn',
      'used',
      'interrupted',
      'message after',
      'used',
      'completed: after',
    ],
  ],
  [
    'interrupt-command',
    [
      'tool exec_command',
      'used',
      'interrupted',
      'tool failed: ',
      'message after',
      'used',
      'completed: after',
    ],
  ],
  ['steer', ['tool exec_command', command, 'message steered', 'tool ok: ', 'used', 'completed: steered']],
  ['steer-late', ['message early', 'message late', 'used', 'completed: late']],
  [
    'reset',
    [
      ...['message hello', 'used', 'completed: hello', 'identified', 'conversation-reset'],
      ...['message hello', 'used', 'completed: hello'],
    ],
  ],
  ['empty', ['used', 'completed: ']],
  [
    'cut-once',
    [
      'message half',
      'retry 1/5 connection-lost',
      'message half',
      'message whole',
      'used',
      'completed: whole',
    ],
  ],
  ['killed', []],
]

const failures: [string, Partial<Failure>, number][] = [
  ['error-400', { reason: 'bad-request', message: 'no' }, 0],
  ['error-401', { reason: 'not-signed-in', httpStatus: 401 }, 5],
  ['error-403', { reason: 'not-signed-in', httpStatus: 403 }, 5],
  ['error-404', { reason: 'model-unavailable', httpStatus: 404 }, 5],
  ['error-429', { reason: 'rate-limited', httpStatus: 429 }, 5],
  ['error-429-once', { reason: 'rate-limited', httpStatus: 429 }, 0],
  ['error-usage-limit', { reason: 'rate-limited' }, 0],
  ['error-quota', { reason: 'rate-limited' }, 0],
  ['error-rate-stream', { reason: 'rate-limited' }, 5],
  ['limits', { reason: 'rate-limited', resetsAt: 1_999_999_999_000 }, 0],
  ['error-500', { reason: 'overloaded' }, 5],
  ['error-503', { reason: 'overloaded' }, 0],
  ['error-529', { reason: 'overloaded', httpStatus: 529 }, 5],
  ['error-overloaded-stream', { reason: 'overloaded' }, 0],
  ['error-too-long', { reason: 'context-too-long' }, 0],
  ['error-model', { reason: 'model-unavailable' }, 0],
  ['error-invalid', { reason: 'bad-request' }, 0],
  ['key-missing', { reason: 'not-signed-in' }, 0],
  ['cut', { reason: 'connection-lost' }, 5],
  ['connection-refused', { reason: 'connection-lost' }, 5],
]

describe('a session recorded with codex 0.169.0', () => {
  test.each(transcripts)('%s', (name, expected) => {
    expect(shortenEvents(replay(name).events)).toEqual(expected)
  })

  test.each(failures)('%s', (name, failure, retries) => {
    const { events } = replay(name)
    expect(events.find((event) => event.type === 'turn-ended')?.outcome).toMatchObject({
      type: 'failed',
      failure,
    })
    const announced = events.filter((event) => event.type === 'retry-announced')
    expect(announced.map((event) => [event.attempt, event.maxAttempts, event.failure.reason])).toEqual(
      Array.from({ length: retries }, (_, index) => [index + 1, 5, failure.reason]),
    )
  })

  test('deltas: the text as it is written', () => {
    const deltas = replay('turn').events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))
    expect(deltas).toEqual(['hello ', 'world', 'again'])
  })

  test('usage: of each turn alone, also in a thread that was taken up again', () => {
    const used = ['turn', 'resume', 'resume-repeated'].map((name) =>
      replay(name).events.flatMap((event) =>
        event.type === 'usage-reported' ? [event.usage.outputTokens] : [],
      ),
    )
    expect(used).toEqual([[4, 2], [2, 9], [5]])
  })

  test('usage so far: after each model request, and at last that of the turn', () => {
    const used = replay('tool-allowed').events.flatMap((event) =>
      event.type === 'usage-advanced' || event.type === 'usage-reported'
        ? [[event.type, event.usage.inputTokens]]
        : [],
    )
    expect(used).toEqual([
      ['usage-advanced', 11_555],
      ['usage-advanced', 23_319],
      ['usage-reported', 23_319],
    ])
  })

  test('limits: the windows of the account, by their length', () => {
    expect(replay('limits').events).toContainEqual({
      type: 'limits-reported',
      limits: [
        { name: 'five_hour', usedPercent: 100, resetsAt: 1_999_999_999_000, exhausted: true },
        { name: 'seven_day', usedPercent: 40, resetsAt: 2_000_500_000_000, exhausted: false },
      ],
    })
  })

  test('interrupt-command: the commands of the turn end with it', () => {
    expect(replay('interrupt-command').sent).toEqual([
      ...['turn/start', 'turn/interrupt', 'thread/backgroundTerminals/clean', 'turn/start'],
    ])
  })

  test('mcp: what a yes does not answer is declined at once', () => {
    expect(replay('mcp').replies).toEqual([
      { requestId: '0', result: { action: 'accept', content: {}, _meta: null } },
      { requestId: '1', result: { action: 'decline', content: null, _meta: null } },
    ])
  })
})

describe('notifications that we do not read', () => {
  test.each([
    ['news', { x: 1 }],
    ['turn/completed', undefined],
    ['turn/completed', { turn: { id: 'of another', status: 'completed' } }],
    ['turn/started', { turn: { id: 'of nobody' } }],
    ['item/started', { item: { type: 'userMessage', id: 'i' } }],
    ['item/completed', { item: { type: 'new', id: 'i', text: 'x' } }],
    ['item/completed', { item: { type: 'agentMessage', id: 'i', text: '' } }],
    ['serverRequest/resolved', { requestId: 7 }],
    ['account/rateLimits/updated', { rateLimits: { limitId: 'codex', primary: null, secondary: null } }],
    ['error', { willRetry: false, error: { message: 'its turn ends with it' } }],
  ])('pass by: %s %o', (method, params) => {
    const { conversation, events, calls } = translateCodexNotification(newThreadConversation, {
      method,
      params,
    })
    expect({ conversation, events, calls }).toEqual({
      conversation: newThreadConversation,
      events: [],
      calls: [],
    })
  })
})
