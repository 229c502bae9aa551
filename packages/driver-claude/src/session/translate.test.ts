import type { Failure } from '@subagent-mcp/contract'
import { existsSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { initialClaudeConversation } from './conversation.js'
import { fixtureUrl, shortenEvents, replay } from '../recordings.test.support.js'
import { translateClaudeLine } from './translate.js'

const said = {
  hello: ['message hello', 'used 18/5/5', 'completed: hello'],
  toolThenSteered: ['message let me', 'tool Bash', 'tool ok: done', 'message steered', 'used 36/10/10'],
}

const transcripts: [string, string[]][] = [
  ['handshake', []],
  [
    'resumed',
    [
      ...['identified', 'message x', 'used 10/0/5', 'completed: x'],
      ...['message x', 'used 10/0/5', 'completed: x'],
    ],
  ],
  [
    'turn',
    [
      ...['identified', 'thinking', 'message hello world', 'used 18/5/5', 'completed: hello world'],
      ...['thinking', 'message hello world', 'used 18/5/5', 'completed: hello world'],
    ],
  ],
  [
    'tool-allowed',
    [
      ...['identified', 'message let me', 'tool Bash', 'asked Bash', 'tool ok: hi'],
      ...['message tool says done', 'used 36/10/10', 'completed: tool says done'],
    ],
  ],
  [
    'tool-denied',
    [
      ...['identified', 'message let me', 'tool Bash', 'asked Bash', 'tool failed: not today'],
      ...['message tool says done', 'used 36/10/10', 'completed: tool says done'],
    ],
  ],
  [
    'tool-fails',
    [
      ...['identified', 'message let me', 'tool Bash', 'tool failed: Exit code 1'],
      ...['message tool says done', 'used 36/10/10', 'completed: tool says done'],
    ],
  ],
  ['steer', ['identified', ...said.toolThenSteered, 'completed: steered']],
  [
    'steer-late',
    ['identified', 'message not steered', 'message steered', 'used 36/10/10', 'completed: steered'],
  ],
  [
    'steer-late-two',
    ['identified', 'message answer 0', 'message answer 1', 'used 36/10/10', 'completed: answer 1'],
  ],
  ['reset', ['identified', ...said.hello, 'identified', 'conversation-reset', ...said.hello]],
  ['switch', ['identified', ...said.hello, ...said.hello]],
  ['empty', ['identified', 'used 36/10/10', 'completed: ']],
  [
    'cut',
    [
      ...['identified', 'retry 1/1 connection-lost', 'message plain', 'used 54/15/5', 'completed: plain'],
      ...['message fine', 'used 18/5/5', 'completed: fine'],
    ],
  ],
  [
    'interrupt-permission',
    [
      ...['identified', 'message let me', 'tool Bash', 'asked Bash', 'withdrawn'],
      ...["tool failed: The user doesn't want to proceed with this tool us", 'used 18/5/5', 'interrupted'],
      ...['message tool says done', 'used 18/5/5', 'completed: tool says done'],
    ],
  ],
  [
    'limit-warning',
    [
      ...['identified', 'message hello', 'limits five_hour 93 %', 'used 18/5/5', 'completed: hello'],
      ...['message hello', 'used 18/5/5', 'completed: hello'],
    ],
  ],
  ['killed', ['identified']],
  [
    'own-turn',
    [
      ...['identified', 'tool Agent', 'tool ok: Async agent launched successfully. (This tool resu'],
      ...['message main answer', 'used 36/10/10', 'completed: main answer'],
      ...['message nobody asked', 'notice a result that belongs to no prompt was left out'],
    ],
  ],
]

const failures: [string, Partial<Failure>, number][] = [
  ['error-400', { reason: 'bad-request', httpStatus: 400 }, 0],
  ['error-401', { reason: 'not-signed-in', httpStatus: 401 }, 2],
  ['error-404', { reason: 'model-unavailable', httpStatus: 404 }, 0],
  ['error-429', { reason: 'rate-limited', httpStatus: 429 }, 2],
  ['error-429-subscription', { reason: 'rate-limited', resetsAt: 1_999_999_999_000 }, 0],
  ['closed-port', { reason: 'connection-lost' }, 1],
  ['error-500', { reason: 'overloaded', httpStatus: 500 }, 2],
  ['error-529', { reason: 'overloaded' }, 2],
  ['error-credit', { reason: 'rate-limited', message: 'Credit balance is too low' }, 0],
  ['error-too-long', { reason: 'context-too-long' }, 0],
  ['not-signed-in', { reason: 'not-signed-in', message: 'Not logged in · Please run /login' }, 0],
]

describe.each(['2.1.329', '2.1.197'])('a session recorded with claude %s', (version) => {
  test.each(transcripts.filter(([name]) => existsSync(fixtureUrl(version, name))))('%s', (name, expected) => {
    expect(shortenEvents(replay(version, name).events)).toEqual(expected)
  })

  test.each(
    ['interrupt', 'interrupt-at-once', 'interrupt-steered-cancel'].filter((name) =>
      existsSync(fixtureUrl(version, name)),
    ),
  )('%s: the turn is interrupted, and the next is answered', (name) => {
    const { events, conversation } = replay(version, name)
    const ends = shortenEvents(events).filter((word) => /^(completed|interrupted)/.test(word))
    expect(ends).toEqual(['interrupted', expect.stringMatching(/^completed: after/)])
    expect(conversation).toMatchObject({ turn: undefined, owed: [], approvals: [] })
  })

  test('sub-agents: their tools are seen, what they say is not', () => {
    const words = shortenEvents(replay(version, 'subagent').events)
    expect(words.filter((word) => word.startsWith('tool '))).toHaveLength(6)
    expect(words.filter((word) => word.startsWith('message'))).toEqual(['message main answer'])
    expect(words.at(-2)).toBe('used 90/25/25')
  })

  test('resumed: what each turn alone cost', () => {
    const costs = replay(version, 'resumed').events.flatMap((event) =>
      event.type === 'usage-reported' ? [event.usage.costUsd] : [],
    )
    expect(costs).toEqual(version === '2.1.329' ? [0.000146, 0.000146] : [0.0001825, 0.0001825])
  })

  test('usage so far: after each model request, without its cost', () => {
    const used = replay(version, 'tool-allowed').events.flatMap((event) =>
      event.type === 'usage-advanced' || event.type === 'usage-reported'
        ? [[event.type, event.usage.inputTokens, event.usage.costUsd !== undefined]]
        : [],
    )
    expect(used).toEqual([
      ['usage-advanced', 18, false],
      ['usage-advanced', 36, false],
      ['usage-reported', 36, true],
    ])
  })

  test('deltas: the text as it is written', () => {
    const { events } = replay(version, 'turn')
    const deltas = events.flatMap((event) => (event.type === 'text-delta' ? [event.text] : []))
    expect(deltas).toEqual(['hello ', 'world', 'hello ', 'world'])
  })

  test('local-command: a command to the CLI itself has an end too', () => {
    const ends = shortenEvents(replay(version, 'local-command').events).filter((word) =>
      word.startsWith('completed'),
    )
    expect(ends).toEqual([expect.stringContaining('model'), 'completed: hello'])
  })

  test.each(failures.filter(([name]) => existsSync(fixtureUrl(version, name))))(
    '%s',
    (name, failure, retries) => {
      const { events } = replay(version, name)
      const ended = events.find((event) => event.type === 'turn-ended')
      expect(ended?.outcome).toMatchObject({ type: 'failed', failure })
      const announced = events.filter((event) => event.type === 'retry-announced')
      expect(announced.map((event) => event.failure.reason)).toEqual(Array(retries).fill(failure.reason))
      // What the CLI says of an error is no message of the model's.
      expect(shortenEvents(events).filter((word) => word.startsWith('message'))).not.toContainEqual(
        expect.stringMatching(/error/i),
      )
    },
  )
})

describe('lines that we do not read', () => {
  test.each([
    '',
    'Warning: an old shell',
    '[]',
    'null',
    '{"type":"news"}',
    '{"type":"system","subtype":"new","x":1}',
    '{"type":"user"}',
    '{"type":"assistant","message":{"content":[{"type":"new"},{"type":"text"}]}}',
    '{"type":"stream_event","event":{"type":"ping"}}',
    '{"type":"control_response","response":{"subtype":"success","request_id":"unknown"}}',
    '{"type":"control_cancel_request","request_id":"unknown"}',
  ])('pass by: %s', (line) => {
    const { conversation, events, lines } = translateClaudeLine(initialClaudeConversation, line)
    expect({ conversation, events, lines }).toEqual({
      conversation: initialClaudeConversation,
      events: [],
      lines: [],
    })
  })

  test.each([
    '{"type":"control_request","request_id":"r1","request":{"subtype":"elicitation"}}',
    '{"type":"control_request","request_id":"r1","request":{"subtype":"can_use_tool"}}',
    '{"type":"control_request","request_id":"r1"}',
  ])('are answered when they ask something: %s', (line) => {
    const { events, lines } = translateClaudeLine(initialClaudeConversation, line)
    expect(events).toEqual([])
    expect(lines.map((text): unknown => JSON.parse(text))).toMatchObject([
      { type: 'control_response', response: { subtype: 'error', request_id: 'r1' } },
    ])
  })
})
