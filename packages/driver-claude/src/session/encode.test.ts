import type { SessionCommand } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import { initialClaudeConversation, type ClaudeConversation } from './conversation.js'
import { encodeClaudeCommand } from './encode.js'
import { translateClaudeLine } from './translate.js'

const prompt = { type: 'prompt', turnId: 't1', text: 'do "it"\nnow' } as const
const textMatching = (pattern: RegExp): unknown => expect.stringMatching(pattern)
const picture = { path: '/p/a.png', image: { type: 'image/png', data: 'QUJD' } } as const
const steer = { type: 'steer', messageId: 's1', text: 'faster' } as const
const interrupt = { type: 'interrupt' } as const
const init = JSON.stringify({ type: 'system', subtype: 'init', session_id: 'a', user_message_uuids: ['t1'] })
const asked = JSON.stringify({
  type: 'control_request',
  request_id: 'r1',
  request: { subtype: 'can_use_tool', tool_name: 'Bash', input: { command: 'ls' } },
})

/** The input of a test: a session command, or a line from `claude`. */
type Given = SessionCommand | string

/** Feeds commands and lines to a new Claude conversation. Returns the lines that it writes, its events and its state. */
function after(...given: Given[]): { lines: unknown[]; events: string[]; conversation: ClaudeConversation } {
  let conversation = initialClaudeConversation
  const lines: unknown[] = []
  const events: string[] = []
  for (const item of given) {
    const step =
      typeof item === 'string'
        ? translateClaudeLine(conversation, item)
        : encodeClaudeCommand(conversation, item, 'fresh')
    conversation = step.conversation
    lines.push(...step.lines.map((line): unknown => JSON.parse(line)))
    events.push(...step.events.map((event) => event.type))
  }
  return { lines, events, conversation }
}

const message = (uuid: string, content: string) => ({
  type: 'user',
  uuid,
  message: { role: 'user', content },
})
const request = (request_id: string, body: object) => ({ type: 'control_request', request_id, request: body })
const response = (body: object) => ({
  type: 'control_response',
  response: { subtype: 'success', request_id: 'r1', response: body },
})
const interruption = request('t1', { subtype: 'interrupt' })

describe('a command becomes lines', () => {
  test.each<[string, Given[], unknown[]]>([
    ['a prompt', [prompt], [message('t1', 'do "it"\nnow')]],
    ['a steering message', [prompt, steer], [message('t1', 'do "it"\nnow'), message('s1', 'faster')]],
    [
      'a prompt with an image and another file',
      [{ ...prompt, text: '/look', files: [picture, { path: '/p/b.txt', problem: 'it no longer exists' }] }],
      [
        {
          type: 'user',
          uuid: 't1',
          message: {
            role: 'user',
            content: [
              {
                type: 'text',
                text: textMatching(
                  /^\/look\n\n.*\n- "\/p\/a\.png" \(an image, which this message shows\)\n- "\/p\/b\.txt" \(it no longer exists\)$/,
                ),
              },
              { type: 'image', source: { type: 'base64', media_type: 'image/png', data: 'QUJD' } },
            ],
          },
        },
      ],
    ],
    [
      'a prompt that looks like a command of the CLI',
      [{ type: 'prompt', turnId: 't1', text: '/clear the table' }],
      [
        {
          type: 'user',
          uuid: 't1',
          message: {
            role: 'user',
            content: [
              { type: 'text', text: '/clear the table' },
              { type: 'text', text: ' ' },
            ],
          },
        },
      ],
    ],
    ['a reset', [{ type: 'reset' }], [message('fresh', '/clear')]],
    [
      'a rewind',
      [{ type: 'rewind', turnId: 't1' }],
      [request('fresh', { subtype: 'rewind_conversation', target_message_uuid: 't1' })],
    ],
    ['one reset at a time', [{ type: 'reset' }, { type: 'reset' }], [message('fresh', '/clear')]],
    [
      'a change of model',
      [{ type: 'configure', model: 'opus' }],
      [request('fresh', { subtype: 'apply_flag_settings', settings: { model: 'opus' } })],
    ],
    [
      'a change of effort, and a question what came of it',
      [{ type: 'configure', model: 'opus', effort: 'max' }],
      [
        request('fresh', {
          subtype: 'apply_flag_settings',
          settings: { model: 'opus', effortLevel: 'max', ultracode: false },
        }),
        request('fresh-effort', { subtype: 'get_settings' }),
      ],
    ],
    [
      'yes, with the input that was asked for',
      [asked, { type: 'answer', requestId: 'r1', decision: 'allow' }],
      [response({ behavior: 'allow', updatedInput: { command: 'ls' } })],
    ],
    [
      'no, with the reason',
      [asked, { type: 'answer', requestId: 'r1', decision: 'deny', reason: 'too slow' }],
      [response({ behavior: 'deny', message: 'too slow' })],
    ],
    ['nothing for an interrupt between turns', [interrupt], []],
  ])('%s', (_, given, expected) => {
    expect(after(...given).lines).toEqual(expected)
  })
})

describe('an interrupt', () => {
  test('goes out once, when the turn has begun', () => {
    expect(after(prompt, init, interrupt, interrupt).lines.slice(1)).toEqual([interruption])
  })

  test('waits until the turn has begun: before that the CLI forgets it', () => {
    expect(after(prompt, interrupt).lines).toHaveLength(1)
    expect(after(prompt, interrupt, init).lines.slice(1)).toEqual([interruption])
  })

  test('takes steering messages back first', () => {
    const cancel = request('s1', { subtype: 'cancel_async_message', message_uuid: 's1' })
    expect(after(prompt, init, steer, interrupt).lines.slice(2)).toEqual([cancel, interruption])
  })

  test('is owed until the turn has ended, acknowledged or not', () => {
    const acknowledged = JSON.stringify({
      type: 'control_response',
      response: { subtype: 'success', request_id: 't1' },
    })
    const ended = JSON.stringify({
      type: 'result',
      is_error: true,
      terminal_reason: 'aborted_tools',
      user_message_uuids: ['t1'],
    })
    expect(after(prompt, init, interrupt, acknowledged).conversation.owed).toEqual(['t1'])
    expect(after(prompt, init, interrupt, acknowledged, ended).conversation.owed).toEqual([])
  })
})

describe('a change of effort', () => {
  const answerTo = (request_id: string, body: object) =>
    JSON.stringify({ type: 'control_response', response: { subtype: 'success', request_id, response: body } })
  const change = { type: 'configure', effort: 'xhigh' } as const

  test.each([
    ['taken', 'xhigh', []],
    ['not taken', 'high', ['claude-opus-4-6 does not take the effort xhigh, but high']],
    ['left out', null, ['claude-opus-4-6 takes no effort: xhigh was left out']],
  ])('is %s: that is said, and nothing is owed then', (_, effort, said) => {
    let { conversation } = after(change)
    expect(conversation.owed).toEqual(['fresh', 'fresh-effort'])
    const events = [
      answerTo('fresh', {}),
      answerTo('fresh-effort', { applied: { model: 'claude-opus-4-6', effort } }),
    ].flatMap((line) => {
      const step = translateClaudeLine(conversation, line)
      conversation = step.conversation
      return step.events
    })
    expect(events).toEqual(said.map((text) => ({ type: 'notice', text })))
    expect(conversation.owed).toEqual([])
  })
})

describe('what cannot be', () => {
  test.each<[string, Given[], string[]]>([
    ['a prompt into a running turn ends at once', [prompt, { ...prompt, turnId: 't2' }], ['turn-ended']],
    ['a steering message without a turn is said', [steer], ['notice']],
    ['an answer to nobody is said', [{ type: 'answer', requestId: 'x', decision: 'allow' }], ['notice']],
    [
      'a second answer is said',
      [
        asked,
        ...(['allow', 'deny'] as const).map(
          (decision) => ({ type: 'answer', requestId: 'r1', decision }) as const,
        ),
      ],
      ['approval-requested', 'notice'],
    ],
  ])('%s', (_, given, events) => {
    expect(after(...given).events).toEqual(events)
  })
})
