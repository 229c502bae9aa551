import type { Model } from '@subagent-mcp/contract'
import { expect, test } from 'vitest'
import type { RouteCandidate } from './route-candidate.js'
import { resolveCandidateModel, type CandidateModel } from './resolve-candidate-model.js'

const models: Model[] = [
  { id: 'gpt-6.1-sol', aliases: ['gpt', 'sol'], efforts: ['low', 'high'] },
  { id: 'gpt-6-luna', aliases: ['luna'], efforts: [] },
  { id: 'gpt-5', aliases: [] },
]
const missing = (reason: 'model-unavailable' | 'bad-request', message: string): CandidateModel => ({
  type: 'missing',
  failure: { reason, message },
})

const rows: [candidate: Omit<RouteCandidate, 'provider'>, resolution: CandidateModel][] = [
  [{}, { type: 'resolved' }],
  [{ model: 'gpt' }, { type: 'resolved', modelId: 'gpt-6.1-sol' }],
  [
    { model: 'gpt-5', effort: 'max' },
    { type: 'resolved', modelId: 'gpt-5' },
  ],
  [
    { model: 'gpt', effort: 'high' },
    { type: 'resolved', modelId: 'gpt-6.1-sol' },
  ],
  [{ model: 'gpt', effort: 'max' }, missing('bad-request', 'codex gpt max: gpt-6.1-sol takes low, high')],
  [
    { model: 'luna', effort: 'low' },
    { type: 'resolved', modelId: 'gpt-6-luna', note: 'gpt-6-luna takes no effort' },
  ],
  [{ model: 'nano' }, missing('model-unavailable', 'codex lists no nano; it has gpt, sol, luna, gpt-5')],
]
test.each(rows)('%j', (candidate, resolution) => {
  expect(resolveCandidateModel({ provider: 'codex', ...candidate }, models)).toEqual(resolution)
})

test('without a list everything may be there', () => {
  expect(resolveCandidateModel({ provider: 'codex', model: 'nano' }, undefined)).toEqual({ type: 'resolved' })
})

test('an empty list has nothing', () => {
  expect(resolveCandidateModel({ provider: 'codex', model: 'nano' }, [])).toEqual(
    missing('model-unavailable', 'codex lists no nano; it has none'),
  )
})
