import { describe, expect, test } from 'vitest'
import { toolTurns, unpairedToolCalls, userTurns } from './conversation.js'

/** A steering message as claude 2.1.197 wraps it, with another end than newer versions. */
const olderSteer = `The user sent a new message while you were working:
mind the gap

IMPORTANT: After completing your current task, you MUST address the user's message above.`

const steer = `The user sent a new message while you were working:
mind the gap

This is how Claude Code surfaces messages the user sends mid-turn — within the running turn.`

describe('what a CLI put into user content by itself is not the user', () => {
  test.each([
    ['typed', ['typed']],
    ['  typed\n', ['typed']],
    ['<system-reminder>\n[[hang]]\n</system-reminder>\n', []],
    ['<system-reminder>a</system-reminder>\ntyped <system-reminder>b</system-reminder>', ['typed']],
    ['<environment_context>\n  <cwd>/x</cwd>\n</environment_context>', []],
    ['# AGENTS.md instructions for /x\n\n<INSTRUCTIONS>\n[[hang]]\n</INSTRUCTIONS>', []],
    ['<session_context>\nThis is the Gemini CLI.\n</session_context>', []],
    ['[Request interrupted by user]\n', []],
    ['[Request interrupted by user for tool use]', []],
    [
      '<command-name>/clear</command-name>\n   <command-message>clear</command-message>\n   <command-args></command-args>',
      [],
    ],
    [
      'Your response above was cut off mid-stream. Resume directly from where it stops — no apology, no recap.',
      [],
    ],
    [
      '[Your previous response had no visible output. Please continue and produce a user-visible response.]',
      [],
    ],
    ['[System: You previously returned an empty response with no text or thoughts.]', []],
    [
      'This session is being continued from a previous conversation that ran out of context. [[hang]]\n\nIt said so.',
      [],
    ],
    [`<system-reminder>\n${steer}\n</system-reminder>`, ['mind the gap']],
    [`<system-reminder>\n${olderSteer}\n</system-reminder>`, ['mind the gap']],
  ])('%s', (block, texts) => {
    expect(userTurns(block)).toEqual(texts.map((text) => ({ type: 'user-said', text })))
  })
})

test('a message that steers comes inside a tool result', () => {
  expect(toolTurns(`slept\n\n<system-reminder>\n${steer}\n</system-reminder>`)).toEqual([
    { type: 'tool-answered', text: 'slept' },
    { type: 'user-said', text: 'mind the gap' },
  ])
})

test.each([
  [[], undefined],
  [['called', 'answered', 'called', 'called', 'answered', 'answered'], undefined],
  [['called'], 'there are 1 tool calls and 0 results of them'],
  [['called', 'answered', 'answered'], 'there are 1 tool calls and 2 results of them'],
] as const)('a call has one result: %j', (turns, expected) => {
  const conversation = turns.map((turn) =>
    turn === 'called' ? ({ type: 'tool-called' } as const) : ({ type: 'tool-answered', text: '' } as const),
  )
  expect(unpairedToolCalls([{ type: 'user-said', text: 'go' }, ...conversation])).toBe(expected)
})
