import { reasoningEfforts } from '@subagent-mcp/contract'
import { describe, expect, test } from 'vitest'
import { checkClaudeEffort, toClaudeEffortSettings, compareAppliedEffort } from './effort.js'

describe('without the CLI', () => {
  test.each(reasoningEfforts.map((effort) => [effort]))(
    '%s is its own word on a model that may take it',
    (effort) => {
      for (const model of [undefined, 'opus', 'haiku', 'claude-opus-4-8', 'claude-haiku-5-5']) {
        expect(checkClaudeEffort(effort, model)).toEqual({ type: 'word', word: effort })
      }
    },
  )

  test.each([
    ['low', 'claude-haiku-4-5-20251001', { type: 'none' }],
    ['max', 'claude-3-5-haiku-20241022', { type: 'none' }],
    ['high', 'claude-sonnet-4-20250514', { type: 'none' }],
    ['ultracode', 'claude-sonnet-4-5', { type: 'refused', message: 'claude-sonnet-4-5 has no ultracode' }],
    ['ultracode', 'claude-opus-4-6', { type: 'refused' }],
    ['high', 'claude-opus-4-5', { type: 'word', word: 'high' }],
    [
      'max',
      'claude-opus-4-5',
      { type: 'refused', message: 'claude-opus-4-5 does not take the effort max, only low, medium, high' },
    ],
    ['max', 'claude-sonnet-4-6', { type: 'word', word: 'max' }],
    ['xhigh', 'claude-sonnet-4-6', { type: 'refused' }],
  ] as const)('%s on %s', (effort, model, choice) => {
    expect(checkClaudeEffort(effort, model)).toMatchObject(choice)
  })
})

test('ultracode is a mode beside the effort, and any other effort ends it', () => {
  expect(toClaudeEffortSettings('ultracode')).toEqual({ effortLevel: 'xhigh', ultracode: true })
  expect(toClaudeEffortSettings('max')).toEqual({ effortLevel: 'max', ultracode: false })
})

test.each([
  ['max', { effort: 'max', ultracode: false }, 'taken'],
  ['low', { effort: undefined, ultracode: false }, 'taken'],
  ['ultracode', { effort: 'xhigh', ultracode: true }, 'taken'],
  ['ultracode', { effort: null, ultracode: false }, 'other'],
  ['xhigh', { effort: 'high', ultracode: false }, 'other'],
  ['low', { effort: null, ultracode: false }, 'none'],
] as const)('%s, and the CLI applies %o: %s', (effort, applied, type) => {
  expect(compareAppliedEffort(effort, applied)).toMatchObject({ type })
})
