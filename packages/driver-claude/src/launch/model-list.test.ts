import { describe, expect, test } from 'vitest'
import { createClaudeHandshake } from '../session/handshake.js'
import { readClaudeModels, checkClaudeModelExists } from './model-list.js'
import { recordedClaudeLines } from '../recordings.test.support.js'

const all = ['low', 'medium', 'high', 'xhigh', 'max', 'ultracode']

function recorded(version: string) {
  const { onLine } = createClaudeHandshake({})
  const said = recordedClaudeLines(version, 'models').map((line) =>
    onLine(line.replace(/"request_id":"[^"]*"/, '"request_id":"handshake"')),
  )
  return said.flatMap((readiness) => (readiness?.type === 'ready' ? readiness.models : []))
}

describe('the list', () => {
  test('of 2.1.329 has four models', () => {
    expect(recorded('2.1.329')).toEqual([
      { id: 'claude-opus-5-5', aliases: ['default', 'opus'], efforts: all },
      { id: 'claude-fable-5-2', aliases: ['fable'], efforts: all },
      { id: 'claude-sonnet-5-5', aliases: ['sonnet'], efforts: all },
      { id: 'claude-haiku-5-5', aliases: ['haiku'], efforts: all },
    ])
  })

  test('of 2.1.197 has one that takes no effort', () => {
    expect(recorded('2.1.197')).toEqual([
      { id: 'claude-opus-4-8[1m]', aliases: ['default', 'opus[1m]', 'opus'], efforts: all },
      { id: 'claude-sonnet-5', aliases: ['sonnet'], efforts: all },
      { id: 'claude-sonnet-5[1m]', aliases: ['sonnet[1m]'], efforts: all },
      { id: 'claude-haiku-4-5-20251001', aliases: ['haiku'], efforts: [] },
    ])
  })

  test('may say nothing of efforts, or of where a name leads', () => {
    expect(readClaudeModels([{ value: 'opus' }])).toEqual([{ id: 'opus', aliases: [] }])
  })

  test('leaves out levels that we have no word for', () => {
    expect(readClaudeModels([{ value: 'opus', supportedEffortLevels: ['warp', 'low'] }])).toMatchObject([
      { efforts: ['low'] },
    ])
  })
})

describe('a model that was asked for', () => {
  const opus = { value: 'opus', resolvedModel: 'claude-opus-5-5', displayName: 'Opus' }
  const echo = (name: string) => ({ value: name, resolvedModel: name, displayName: name })
  test.each([
    ['none', undefined, []],
    ['one of the list', 'opus', []],
    ['a name that the CLI knows and does not list', 'best', []],
    ['a name that leads somewhere', 'best', [{ ...echo('best'), resolvedModel: 'claude-opus-4-8' }]],
    [
      'an id of another version',
      'claude-opus-4-6',
      [{ ...echo('claude-opus-4-6'), displayName: 'Opus 4.6' }],
    ],
    ['an id that came after the CLI', 'claude-opus-9', [echo('claude-opus-9')]],
    ['an id of a gateway', 'glm-4.6', [echo('glm-4.6')]],
  ])('may be there: %s', (_, name, more) => {
    expect(checkClaudeModelExists(name, [opus, ...more])).toBeUndefined()
  })

  test.each(['nonsense', 'Gpt', 'nonsense[1m]'])('is surely not: %s', (name) => {
    expect(checkClaudeModelExists(name, [opus, echo(name)])).toEqual({
      reason: 'model-unavailable',
      message: `claude has no model ${name}`,
      hint: 'there are: opus, and the full ids of models',
    })
  })
})
