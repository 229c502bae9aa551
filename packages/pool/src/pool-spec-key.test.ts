import { expect, test } from 'vitest'
import { recipe } from './manual-pool.test.support.js'
import { recipeKey, recipeLane } from './pool-spec-key.js'

const { spec, limits } = recipe()

test.each([
  [
    'the order of names',
    { spec: { mcp: 'none', ephemeral: true, environment: { HOME: '/h' }, cwd: '/p' } as const },
  ],
  ['limits', { limits: { ...limits, tasks: 1 } }],
])('%s make no other process', (_name, change) => {
  expect(recipeKey(recipe(change))).toBe(recipeKey(recipe()))
})

test.each([
  ['content', { fingerprint: ['2'] }, true],
  ['a prime', { prime: 'read' }, true],
  ['a model', { spec: { ...spec, model: 'opus' } }, true],
  ['permissions', { spec: { ...spec, permissions: 'read-only' } as const }, true],
  ['another provider', { provider: 'codex' }, true],
  ['another folder', { spec: { ...spec, cwd: '/q' } }, false],
  ['another account', { spec: { ...spec, environment: { HOME: '/other' } } }, false],
  ['another depth', { spec: { ...spec, depth: 2 } }, false],
  ['another agent', { agent: 'other' }, false],
])('%s makes another process, on the same lane: %s', (_name, change, sameLane) => {
  expect(recipeKey(recipe(change))).not.toBe(recipeKey(recipe()))
  expect(recipeLane(recipe(change)) === recipeLane(recipe())).toBe(sameLane)
})

test('tells no secret', () => {
  expect(recipeKey(recipe())).toMatch(/^[0-9a-f]{64}$/)
})
