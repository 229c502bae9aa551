import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { LaunchBody } from './request-bodies.js'
import { launchOptions } from './launch-options.js'
import { createLaunchOptionRuleCheck } from './launch-option-rules.js'
import { getLaunchOptionSchemas, launchOptionsExcludedBySurface } from './launch-surfaces.js'
import { parseInputBySchema } from './parse-input-by-schema.js'

const place = { cwd: '/p', environment: {} }
const read = (part: object): unknown =>
  parseInputBySchema('the body', LaunchBody, { prompt: 'x', ...part, ...place })

test('parsed launch options are unchanged, except that white space around a name is removed', () => {
  const options = { agent: 'reviewer', queue: false, setup: { tools: { only: ['Read'] } }, allowedTools: [] }
  expect(read({ ...options, name: ' a\n b ' })).toEqual({ prompt: 'x', ...options, name: 'a b', ...place })
})

test.each<[code: string, message: string, part: object]>([
  ['invalid-parameter', 'prompt is empty', { prompt: '  ' }],
  ['invalid-parameter', 'prompt has more than 4000000 characters', { prompt: 'x'.repeat(4_000_001) }],
  ['unknown-category', "no category 'cooking'", { category: 'cooking' }],
  ['model-without-provider', 'model needs provider', { model: 'opus' }],
  ['effort-without-model', 'effort needs model', { effort: 'high' }],
  ['effort-without-model', 'effort needs model', { provider: 'claude', effort: 'high' }],
  ['effort-without-model', 'effort needs model', { prefer: 'claude', effort: 'high' }],
  ['invalid-parameter', 'prefer cannot be combined with provider', { prefer: 'a', provider: 'b' }],
  ['invalid-parameter', 'prefer cannot be combined with model', { prefer: 'a', model: 'b' }],
  ['invalid-parameter', 'deadlock cannot be combined with provider', { deadlock: true, provider: 'a' }],
  ['invalid-parameter', 'effort: must be one of low, medium, high, xhigh, max, ultracode', { effort: 'no' }],
  ['invalid-parameter', 'agent: must not be empty', { agent: ' ' }],
  ['invalid-parameter', 'agent cannot be combined with permissions', { agent: 'a', permissions: 'ask' }],
  ['invalid-parameter', 'name: must have at most 80 characters', { name: 'x'.repeat(81) }],
  ['invalid-parameter', 'mcp: must be none, inherit or a list of names', { mcp: 3 }],
  ['unknown-parameter', 'the body has no parameter setup.colour', { setup: { colour: 'red' } }],
])('%s: %s', (code, message, part) => {
  expect(() => read(part)).toThrow(expect.objectContaining({ code, message }))
})

test('the error for an unknown category lists all categories', () => {
  const { error } = LaunchBody.safeParse({ prompt: 'x', category: 'x', ...place })
  expect(JSON.stringify(error?.issues)).toMatch(/"hint":"use one of math_proof, .*; if none fits/)
})

test('an error names the option as the surface names it', () => {
  const schema = z
    .strictObject({ task_model: z.string() })
    .superRefine(createLaunchOptionRuleCheck((option) => `task_${option}`))
  expect(schema.safeParse({ task_model: 'opus' }).error?.issues).toMatchObject([
    { message: 'task_model needs task_provider', params: { hint: 'give task_provider too' } },
  ])
})

describe('each surface', () => {
  test('takes every launch option that it does not leave out with a reason', () => {
    for (const surface of ['mcp', 'http', 'run', 'worker', 'definition'] as const) {
      const reasons = Object.values(launchOptionsExcludedBySurface[surface])
      expect(reasons.every((reason) => reason.length > 10)).toBe(true)
      const all = [
        ...Object.keys(getLaunchOptionSchemas(surface)),
        ...Object.keys(launchOptionsExcludedBySurface[surface]),
      ]
      expect(all.toSorted()).toEqual(Object.keys(launchOptions).toSorted())
    }
  })

  test('describes every launch option', () => {
    const described = Object.values(launchOptions).map(({ description }) => description)
    expect(described.every((text) => text !== undefined)).toBe(true)
  })
})
