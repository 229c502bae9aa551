import { expect, test } from 'vitest'
import { poolSpec } from './manual-pool.test.support.js'
import { hashPoolSpec, hashPoolLane } from './pool-spec.js'

const { spec, limits } = poolSpec()

test.each([
  [
    'the order of names',
    { spec: { mcp: 'none', ephemeral: true, environment: { HOME: '/h' }, cwd: '/p' } as const },
  ],
  ['limits', { limits: { ...limits, tasks: 1 } }],
])('%s make no other process', (_name, change) => {
  expect(hashPoolSpec(poolSpec(change))).toBe(hashPoolSpec(poolSpec()))
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
  expect(hashPoolSpec(poolSpec(change))).not.toBe(hashPoolSpec(poolSpec()))
  expect(hashPoolLane(poolSpec(change)) === hashPoolLane(poolSpec())).toBe(sameLane)
})

test('tells no secret', () => {
  expect(hashPoolSpec(poolSpec())).toMatch(/^[0-9a-f]{64}$/)
})
