import type { SessionCommand } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import type { AcpSessionChoices } from './choices.js'
import { createAcpConversation, type AcpConversation } from './conversation.js'
import { encodeAcpCommand } from './encode.js'
import { recordedChoices } from '../recordings.test.support.js'
import { finishAcpReset, readAcpAnswer } from './read-answer.js'

const prompt = (text: string) => ({ type: 'prompt', turnId: 't', text }) as const
const models = [{ id: 'gemini-3.8-flash', aliases: ['flash'] }]

function after(given: Partial<AcpSessionChoices>, ...commands: SessionCommand[]) {
  let conversation: AcpConversation = createAcpConversation('s', { ...recordedChoices, models, ...given })
  const calls: unknown[] = []
  const events: unknown[] = []
  for (const command of commands) {
    const createAcpStep = encodeAcpCommand(conversation, command)
    conversation = createAcpStep.conversation
    calls.push(...createAcpStep.calls)
    events.push(...createAcpStep.events)
  }
  return { conversation, calls, events }
}

const textContaining = (part: string): unknown => expect.stringContaining(part)
const picture = { path: '/p/a.png', image: { type: 'image/png', data: 'QUJD' } } as const
const asked = (text: unknown) => ({
  method: 'session/prompt',
  params: { sessionId: 's', prompt: [{ type: 'text', text }] },
})

describe('a command becomes requests', () => {
  test.each<[string, Partial<AcpSessionChoices>, SessionCommand[], unknown[]]>([
    ['a prompt', {}, [prompt('do it')], [asked('do it')]],
    ['a prompt like a command', {}, [prompt(' /about me')], [asked('The message:\n\n /about me')]],
    ['a prompt like a command of another sign', {}, [prompt('$about')], [asked('The message:\n\n$about')]],
    ['a prompt with a path stays as it is', {}, [prompt('see @x.txt')], [asked('see @x.txt')]],
    [
      'the system prompt goes before the first',
      { preamble: 'be brief' },
      [prompt('/go')],
      [asked('<system_prompt>\nbe brief\n</system_prompt>\n\n/go')],
    ],
    [
      'a prompt with an image',
      {},
      [{ ...prompt('look'), files: [picture] }],
      [
        {
          method: 'session/prompt',
          params: {
            sessionId: 's',
            prompt: [
              {
                type: 'text',
                text: textContaining('- "/p/a.png" (an image, which this message shows)'),
              },
              { type: 'image', mimeType: 'image/png', data: 'QUJD' },
            ],
          },
        },
      ],
    ],
    [
      'a prompt with an image for an agent that takes none: its path alone',
      { takesImages: false },
      [{ ...prompt('look'), files: [picture] }],
      [asked(expect.stringMatching(/^look\n\n.*\n- "\/p\/a\.png" \(an image\)$/))],
    ],
    [
      'an interrupt',
      {},
      [prompt('a'), { type: 'interrupt' }, { type: 'interrupt' }],
      [asked('a'), { method: 'session/cancel', params: { sessionId: 's' } }],
    ],
    ['nothing for an interrupt between turns', {}, [{ type: 'interrupt' }], []],
    [
      'one reset at a time',
      {},
      [{ type: 'reset' }, { type: 'reset' }],
      [{ method: 'session/new', params: { cwd: '/project', mcpServers: [] } }],
    ],
    [
      'a model by its alias',
      {},
      [{ type: 'configure', model: 'flash' }],
      [{ method: 'session/set_model', params: { sessionId: 's', modelId: 'gemini-3.8-flash' } }],
    ],
    [
      'a model by config option',
      { modelConfigId: 'brain' },
      [{ type: 'configure', model: 'flash' }],
      [
        {
          method: 'session/set_config_option',
          params: { sessionId: 's', configId: 'brain', value: 'gemini-3.8-flash' },
        },
      ],
    ],
    ['nothing for a model that is not there', {}, [{ type: 'configure', model: 'opus' }], []],
    ['nothing for an effort', {}, [{ type: 'configure', effort: 'high' }], []],
    [
      'nothing for a prompt while a reset is not done',
      {},
      [{ type: 'reset' }, prompt('a')],
      [expect.anything()],
    ],
  ])('%s', (_, given, commands, expected) => {
    expect(after(given, ...commands).calls).toEqual(expected)
  })
})

test.each<[string, SessionCommand, RegExp]>([
  ['a model that is not there', { type: 'configure', model: 'opus' }, /no model named opus.*flash/],
  ['an effort', { type: 'configure', effort: 'high' }, /takes no effort/],
  ['a steering message', { type: 'steer', messageId: 'm', text: 'x' }, /cannot be steered/],
  ['an answer to nothing', { type: 'answer', requestId: 'r', decision: 'allow' }, /nothing waits/],
])('says why nothing comes of %s', (_, command, text) => {
  expect(JSON.stringify(after({}, command).events)).toMatch(text)
})

describe('a reset', () => {
  const servers = [{ name: 'bell', command: 'ring', args: [], env: [] }]
  const given = { preamble: 'be brief', mode: 'yolo', servers }
  const { conversation } = after(given, { type: 'reset' }, prompt('next'))

  test('brings the new session to the choices of the old one, which is put away before what waited is sent', () => {
    const call = { method: 'session/new', params: {} } as const
    const made = readAcpAnswer(conversation, call, { type: 'result', result: { sessionId: 'n' } })
    expect(made.events).toEqual([{ type: 'session-identified', sessionId: 'n', model: 'gemini-2.5-pro' }])
    expect(made.calls.map(({ method }) => method)).toEqual(['session/set_mode', 'session/set_model'])
    expect(made.left).toEqual({ sessionId: 's', servers: 'm.0' })

    const { events, calls } = finishAcpReset(made.conversation)
    expect(events).toEqual([{ type: 'conversation-reset' }])
    expect(calls).toMatchObject([
      {
        params: { sessionId: 'n', prompt: [{ text: '<system_prompt>\nbe brief\n</system_prompt>\n\nnext' }] },
      },
    ])
  })

  test('gives its own MCP servers another mark each time', () => {
    const { calls } = after(given, { type: 'reset' })
    expect(calls).toMatchObject([
      {
        params: { mcpServers: [{ command: 'ring', env: [{ name: 'SUBAGENT_MCP_SERVERS', value: 'm.1' }] }] },
      },
    ])
  })

  test('that fails ends the session: it would carry one task into the next', () => {
    const call = { method: 'session/new', params: {} } as const
    expect(readAcpAnswer(conversation, call, { type: 'timed-out' }).fault).toMatchObject({
      reason: 'timed-out',
    })
  })

  test('can be followed by an interrupt of the prompt that waits', () => {
    const { events, conversation: left } = encodeAcpCommand(conversation, { type: 'interrupt' })
    expect(events).toMatchObject([{ type: 'turn-ended', outcome: { type: 'interrupted' } }])
    expect(left.turn).toBeUndefined()
  })
})

test.each([
  ['end_turn', { type: 'completed', answer: '' }],
  ['something new', { type: 'completed', answer: '' }],
  ['cancelled', { type: 'interrupted' }],
  ['max_tokens', { type: 'failed', failure: { reason: 'context-too-long' } }],
  ['max_turn_requests', { type: 'failed', failure: { reason: 'unknown' } }],
  ['refusal', { type: 'failed', failure: { reason: 'bad-request' } }],
])('a turn that stops for %s', (stopReason, outcome) => {
  const { conversation } = after({}, prompt('a'))
  const call = { method: 'session/prompt', params: {} } as const
  const { events } = readAcpAnswer(conversation, call, { type: 'result', result: { stopReason } })
  expect(events).toMatchObject([{ type: 'turn-ended', turnId: 't', outcome }])
})
